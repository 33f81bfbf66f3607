import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFloats } from '../../../formats/read-tensor.ts';
import { readSafetensorsHeader } from '../../../safetensors/safetensors.ts';
import { runTraining } from '../../run-training.ts';
import { run as finish, folderOf, runFolder, writeDialogues } from '../../testing/families.ts';
import { draftConfigSchema } from '../draft-config.ts';
import { openDraftTraining } from '../open-draft-training.ts';

const STEPS = 6;

function training(dir: string, own: object = {}, draft: object = {}) {
  const file = writeDialogues(dir, 'llava');
  const config = draftConfigSchema.parse({
    model: folderOf('llava'),
    data: { train: [file], validation: [file] },
    draft: { method: 'block', layers: 1, slots: 4, rank: 4, headTokens: 20, ...draft },
    objective: { anchors: 3, warmShare: 0.5 },
    curriculum: { kind: 'mixed' },
    optimiser: { rate: 3e-3 },
    validation: { every: 3, decode: 1, decodeAtEnd: 1 },
    ...{ steps: STEPS, batch: 2, checkpointEvery: 2, threads: 1 },
    ...own,
  });
  return openDraftTraining(config, () => {});
}

/** Takes steps in a folder until so many are done. */
async function takeSteps(dir: string, out: string, steps: number): Promise<void> {
  let done = 0;
  const opened = await training(dir);
  const settings = { out, command: '', now: new Date(0), onWarning: () => {}, onOpen: () => {} };
  await runTraining(opened, settings, {
    clock: () => performance.now(),
    cancelled: () => done >= steps,
    onStep: () => void done++,
    onValidation: () => {},
  });
  await opened.dispose();
}

describe('the training of a block draft', () => {
  it('goes on after a stop to the very bits', async () => {
    const dir = runFolder();
    const [straight, stopped] = [join(dir, 'straight'), join(dir, 'stopped')];
    await takeSteps(dir, straight, STEPS);
    await takeSteps(dir, stopped, 3);
    await takeSteps(dir, stopped, STEPS);
    const weights = (out: string) => readFileSync(join(out, 'draft', 'model.safetensors'));
    expect(weights(stopped).equals(weights(straight))).toBe(true);
  });

  it('goes on from a draft, at its sizes', async () => {
    const dir = runFolder();
    const first = await finish(await training(dir), join(dir, 'first'));
    const next = await finish(
      await training(dir, { noise: { amplitude: 0 } }, { from: first.model }),
      join(dir, 'next'),
    );
    const best = Math.min(...first.validations.map(({ all }) => all.loss));
    expect(next.validations[0]?.all.loss).toBeCloseTo(best, 4);
  });

  it('publishes halves, each the nearest to what was learned', async () => {
    const dir = runFolder();
    const whole = await finish(await training(dir), join(dir, 'whole'));
    const halves = await finish(
      await training(dir, { publish: { dtype: 'F16' } }),
      join(dir, 'halves'),
    );
    const [wide, narrow] = await Promise.all(
      [whole, halves].map(({ model }) => readSafetensorsHeader(join(model, 'model.safetensors'))),
    );
    expect([...(narrow?.keys() ?? [])]).toEqual([...(wide?.keys() ?? [])]);
    for (const [name, ref] of narrow ?? []) {
      expect(ref.dtype).toBe('F16');
      const exact = await readFloats(wide?.get(name) as typeof ref);
      for (const [i, half] of (await readFloats(ref)).entries()) {
        const number = exact[i] as number;
        expect(Math.abs(half - number), name).toBeLessThanOrEqual(
          Math.max(Math.abs(number) * 2 ** -11, 2 ** -25),
        );
      }
    }
  });
});
