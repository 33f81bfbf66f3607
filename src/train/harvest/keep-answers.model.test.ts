/** A harvest keeps what a training would otherwise compute: the same numbers, found by the same names. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TINY_TARGET } from '../../checkpoint/testing/folders.ts';
import { createNodeHost } from '../../engine/node/node-host.ts';
import { resolveLoadOptions } from '../../load.ts';
import { draftConfigSchema } from '../draft/draft-config.ts';
import { type DraftContext, openDraftContext } from '../draft/open-draft-training.ts';
import { openFeatureCache } from '../features/feature-cache.ts';
import { featureKey, topLogitsKey } from '../features/feature-key.ts';
import { createFeatureSource } from '../features/feature-source.ts';
import { fromHalves, toHalves } from '../features/float16.ts';
import { TOP_LOGITS } from '../features/top-logits.ts';
import { runHarvest } from './run-harvest.ts';
import { dataFile, SAMPLED } from './testing/tiny-harvest.ts';

const folder = mkdtempSync(join(tmpdir(), 'msd-keep-'));
const [features, out] = [join(folder, 'features'), join(folder, 'out.jsonl')];
let context: DraftContext;
let computed = 0;

beforeAll(async () => {
  const load = { ...resolveLoadOptions({ model: TINY_TARGET, threads: 1 }), draft: null };
  await runHarvest(
    {
      ...{ paths: [dataFile('val_text'), dataFile('val_visual')], out, load },
      ...{ batch: 5, settings: SAMPLED, skipBad: false, saveEvery: 60, limit: 24 },
      features: { folder: features, limitBytes: 2 ** 30 },
    },
    {
      ...{ host: await createNodeHost(load), cancelled: () => false },
      ...{ tell: () => {}, onBegin: () => {}, onProgress: () => {} },
    },
  );
  const data = { train: [out], validationShare: 0.2 };
  const config = {
    model: TINY_TARGET,
    data,
    threads: 1,
    cache: { dir: features, memoryGigabytes: 0 },
  };
  context = await openDraftContext(draftConfigSchema.parse(config), () => {});
}, 60_000);
afterAll(async () => {
  await context.dispose();
  rmSync(folder, { recursive: true });
});

const dialogues = () => {
  const { training, validation } = context.material;
  return [training, validation].flatMap(({ text, visual }) => [...text, ...visual]);
};

describe('what a harvest keeps', () => {
  it('is found by a training: each answer, and the target computes nothing', async () => {
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
    const answers = lines.flatMap((line) => JSON.parse(line).harvest.answers);
    expect(dialogues().length).toBe(answers.length);
    for (const { tokens } of dialogues()) await context.featureSource.read(tokens);
    computed = context.featureSource.counts.computed;
    expect(context.featureSource.counts).toMatchObject({ computed: 0, fromDisk: answers.length });
  });

  it('has the bits that the target computes for the same tokens', async () => {
    const { model, host, featureSource } = context;
    const fresh = createFeatureSource({ model, decodeImage: host.decodeImage });
    for (const { tokens } of dialogues().slice(0, 12)) {
      const [kept, made] = [await featureSource.read(tokens), await fresh.read(tokens)];
      expect(toHalves(kept.features.data)).toEqual(toHalves(made.features.data));
      expect(kept.visual?.slots).toEqual(made.visual?.slots);
    }
    expect(computed).toBe(0);
  });

  it('tells the likeliest tokens of each place, the written one of a greedy place first', async () => {
    const cache = await openFeatureCache({
      ...{ folder: features, limitBytes: 2 ** 30, now: () => new Date(), onWarning: () => {} },
    });
    let [first, places] = [0, 0];
    for (const { tokens } of dialogues().filter(({ tokens }) => tokens.images.length === 0)) {
      const { ids, reply, end } = tokens;
      const answer = [...ids.filter((_, at) => reply[at] === 1), end as number];
      const key = topLogitsKey(featureKey(context.model, tokens, []));
      const kept = cache.get(key, answer.length * TOP_LOGITS);
      if (kept === undefined) throw new Error('nothing was kept');
      for (const [place, id] of answer.entries()) {
        const at = place * TOP_LOGITS;
        const top = kept.subarray(at, at + TOP_LOGITS);
        const below = fromHalves(top.subarray((2 * TOP_LOGITS) / 3));
        expect(below[0]).toBe(0);
        expect([...below]).toEqual([...below].sort((a, b) => b - a));
        first += Number(((top[0] as number) | ((top[1] as number) << 16)) === id);
        places += 1;
      }
    }
    expect(places).toBeGreaterThan(100);
    expect(first / places, 'sampled at 1.3, most tokens are the likeliest').toBeGreaterThan(0.6);
  });
});

it('of answers that a harvest leaves out nothing is kept', async () => {
  const load = { ...resolveLoadOptions({ model: TINY_TARGET, threads: 1 }), draft: null };
  const [cut, told] = [join(folder, 'cut.jsonl'), [] as string[]];
  await runHarvest(
    {
      ...{ paths: [dataFile('val_text')], out: cut, load, batch: 5, limit: 24 },
      ...{ settings: { ...SAMPLED, maxTokens: 12, dropCut: true }, skipBad: false, saveEvery: 60 },
      features: { folder: join(folder, 'few'), limitBytes: 2 ** 30 },
    },
    {
      ...{ host: await createNodeHost(load), cancelled: () => false },
      ...{ tell: (text) => told.push(text), onBegin: () => {}, onProgress: () => {} },
    },
  );
  const kept = readFileSync(cut, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const answers = kept.flatMap(({ harvest }) => harvest.answers).length;
  expect(kept.length, 'some were left out').toBeLessThan(24);
  expect(told.join('')).toContain(`computed for ${answers} answers`);
});

it('a record whose tokens spell something else is learned by its text', async () => {
  const [line = ''] = readFileSync(out, 'utf8').split('\n');
  const record = JSON.parse(line);
  record.messages.at(-1).content = 'Three red circles.';
  const path = join(folder, 'changed.jsonl');
  writeFileSync(path, `${JSON.stringify(record)}\n${line}\n`);
  const config = draftConfigSchema.parse({
    model: TINY_TARGET,
    data: { train: [path], validationShare: 0.5 },
    threads: 1,
  });
  const changed = await openDraftContext(config, () => {});
  try {
    const { training, validation } = changed.material;
    const all = [training, validation].flatMap(({ text, visual }) => [...text, ...visual]);
    const ends = all.filter(({ tokens }) => tokens.end !== undefined);
    expect(ends.length).toBe(record.harvest.answers.length);
    expect(all.length - ends.length).toBe(1);
  } finally {
    await changed.dispose();
  }
});
