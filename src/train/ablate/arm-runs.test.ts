import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../contracts/errors.ts';
import type { ByKind, ReadDialogue } from '../data/read-material.ts';
import { draftConfigSchema } from '../draft/draft-config.ts';
import { type ArmRun, planArms } from './arm-runs.ts';
import { meanShare } from './budget.ts';

/** A dialogue whose reply has so many tokens, after one token that asks. */
function dialogueOf(reply: number): ReadDialogue {
  const place = { file: 'made.json', index: reply };
  return {
    dialogue: { place, messages: [], images: [] },
    tokens: {
      place,
      images: [],
      ids: new Int32Array(reply + 2),
      spans: [],
      reply: Uint8Array.from({ length: reply + 2 }, (_, index) => (index > 0 ? 1 : 0)),
    },
  };
}

/** Replies to pictures are three times as long. */
const training: ByKind = {
  text: Array.from({ length: 30 }, (_, index) => dialogueOf(4 + (index % 5))),
  visual: Array.from({ length: 30 }, (_, index) => dialogueOf(14 + (index % 9))),
};

const config = draftConfigSchema.parse({
  data: { train: ['made.json'] },
  batch: 4,
  seed: 5,
  threads: 1,
});

const steps = 400;
const plan = (material: ByKind = training, settings = config): ArmRun[] =>
  planArms(
    {
      material: { training: material, validation: training, hashes: [], problems: [], tooLong: [] },
    },
    settings,
    { out: '/out', seeds: 3, steps },
  );

const find = (runs: readonly ArmRun[], name: string, seed: number): ArmRun => {
  const run = runs.find(({ arm, ...rest }) => arm.name === name && rest.seed === seed);
  if (run === undefined) throw new Error(`no ${name} at seed ${seed}`);
  return run;
};

describe('the runs of an ablation', () => {
  const runs = plan();

  it('are eight arms at every seed, each in a folder of its own', () => {
    expect(runs.map(({ seed }) => seed).filter((seed) => seed === 6)).toHaveLength(8);
    expect(new Set(runs.map(({ dir }) => dir)).size).toBe(24);
    expect(new Set(runs.map(({ config }) => config.seed))).toEqual(new Set([5, 6, 7]));
  });

  it('read the same number of reply tokens at a seed, to half a batch', () => {
    for (const { seed, arm, length } of runs) {
      const { length: budget } = find(runs, 'decoupled two-stage', seed);
      const apart = Math.abs(length.replyTokens - budget.replyTokens);
      expect(apart, `${arm.name}, seed ${seed}`).toBeLessThanOrEqual((4 * 23) / 2);
    }
  });

  it('take as many steps as that needs, the two-stage arms those that are asked for', () => {
    expect(find(runs, 'fused two-stage', 5).length.steps).toBe(steps);
    expect(find(runs, 'text only', 5).length.steps).toBeGreaterThan(1.3 * steps);
    expect(find(runs, 'pictures only', 5).length.steps).toBeLessThan(0.7 * steps);
  });

  it('mix from the start what two stages have on average', () => {
    const { config, length } = find(runs, 'decoupled mixed', 6);
    expect(config.curriculum.kind).toBe('mixed');
    expect(config.curriculum.mixedShare).toBe(meanShare(steps, config.curriculum));
    const twoStage = find(runs, 'decoupled two-stage', 6).length.share;
    expect(Math.abs(length.share - twoStage)).toBeLessThan(0.05);
  });

  it('judge where the last fifth of each begins', () => {
    for (const { config, length } of runs) {
      const every = config.validation.every ?? Number.NaN;
      const last = Math.floor((0.8 * length.steps) / every) * every;
      expect(0.8 * length.steps - last).toBeLessThan(20);
    }
  });

  it('differ in nothing else than method, fusion and curriculum', () => {
    const plain = ({ config }: ArmRun) => ({
      ...config,
      steps: 0,
      draft: { ...config.draft, fusion: '', method: '' },
      curriculum: '',
      validation: '',
    });
    const first = plain(find(runs, 'decoupled two-stage', 5));
    for (const run of runs.filter(({ seed }) => seed === 5)) expect(plain(run)).toEqual(first);
  });

  it('take of the settings those that their method has', () => {
    const given = { anchors: 6, depths: 3 };
    const both = plan(training, { ...config, objective: given });
    expect(find(both, 'block fused', 5).config.objective).toEqual({ anchors: 6 });
    expect(find(both, 'fused mixed', 5).config.objective).toEqual({ depths: 3 });
  });

  it('need both kinds of dialogues', () => {
    expect(() => plan({ ...training, visual: [] })).toThrow(ConfigError);
    expect(() => plan({ ...training, text: [] })).toThrow(/none without/);
  });
});

it('the mean share of two stages is that of its ramp', () => {
  const curriculum = { epochs: 4, textPart: 0.5, kind: 'two-stage', mixedShare: 0.5 } as const;
  expect(meanShare(100, curriculum), '(0 + 0 + 1/2 + 1) / 4').toBeCloseTo(0.375, 12);
});
