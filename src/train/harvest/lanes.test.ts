import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { DecoderConfig } from '../../contracts/checkpoint.ts';
import type { VisualRows } from '../../contracts/rows.ts';
import type { Forward } from '../../contracts/target.ts';
import { createTarget } from '../../engine/answer/target.ts';
import { llamaWeights } from '../../families/decoder/llama-weights.ts';
import { consecutive } from '../../model/consecutive.ts';
import { buildLlama } from '../../model/llama.ts';
import { llamaShapes, SIZES } from '../../model/testing/random-llama.ts';
import { writeRandomWeights } from '../../model/testing/random-weights.ts';
import { createSession } from '../../runtime/session.ts';
import { buildLaneGraph } from './lane-graph.ts';
import { createLanes, type Lanes } from './lanes.ts';

const numRuns = Math.ceil(Number(process.env.MSD_FUZZ ?? 300) / 25);
const SAME = 1e-4;

const textOf = (most: number) =>
  fc.array(fc.nat(SIZES.vocabSize - 1), { minLength: 1, maxLength: most });
/** A lane's prompt, cut in two, its first rows pictures; and what is read behind it, a token a pass. */
const scenes = fc.record({
  prompt: textOf(150),
  cut: fc.nat(200),
  pictures: fc.nat(3),
  answer: textOf(6),
});
type Scene = typeof scenes extends fc.Arbitrary<infer T> ? T : never;

describe.each([1, 2, 4])('a decoder of 4 heads over %d key heads', async (kvHeads) => {
  const config: DecoderConfig = { ...SIZES, kvHeads, tiedEmbeddings: false };
  const path = `${process.env.TMPDIR ?? '/tmp'}/msd-lanes-${process.pid}-${kvHeads}.safetensors`;
  const tensors = await writeRandomWeights(path, llamaShapes(config, ''), 'F32', 1);
  const weights = llamaWeights(tensors, config, { model: 'model.', head: 'lm_head.weight' });
  const cpu = { device: 'cpu', threads: 1 } as const;
  const engine = await createSession(buildLlama(config, weights), cpu);
  const batch = await createSession(buildLaneGraph(config, weights), cpu);
  const target = createTarget(engine, config);
  afterAll(async () => {
    await Promise.all([engine.dispose(), batch.dispose()]);
    rmSync(path);
  });

  const visualOf = (rows: number): VisualRows | undefined => {
    if (rows === 0) return undefined;
    const width = config.hiddenSize;
    const data = Float32Array.from({ length: rows * width }, (_, i) => Math.sin(i));
    return { embeddings: { data, count: rows, width }, slots: consecutive(rows) };
  };

  /** What the engine predicts after the prompt and after each token of the answer. */
  async function byEngine({ prompt, pictures, answer }: Scene): Promise<Float32Array[]> {
    const sequence = target.open();
    const seen: Float32Array[] = [];
    for (const ids of [prompt, ...answer.map((id) => [id])]) {
      const n = ids.length;
      const visual = ids === prompt ? visualOf(Math.min(pictures, n)) : undefined;
      const step = {
        sequence,
        ids: Int32Array.from(ids),
        ...(visual && { visual }),
        parents: consecutive(n, -1),
        positions: consecutive(n, sequence.length),
        heads: Int32Array.of(n - 1),
      };
      const [forward] = (await target.forward([step], 'logits')) as [Forward];
      sequence.commit(forward, consecutive(n));
      seen.push(forward.logits?.data ?? new Float32Array());
    }
    sequence.dispose();
    return seen;
  }

  /** The same in lanes, all scenes at once: prompts in two pieces, then a token of each in every pass. */
  async function inLanes(lanes: Lanes, several: readonly Scene[]): Promise<Float32Array[][]> {
    const seen: Float32Array[][] = several.map(() => []);
    const keep = (lane: number, logits: Float32Array = new Float32Array()) =>
      seen[lane]?.push(logits.slice());
    for (const [lane, { prompt, cut, pictures }] of several.entries()) {
      const ids = Int32Array.from(prompt);
      const visual = visualOf(Math.min(pictures, ids.length));
      const at = Math.max(visual?.slots.length ?? 0, Math.min(cut, ids.length - 1));
      const rest = ids.subarray(at);
      if (at > 0) {
        const first = { ids: ids.subarray(0, at), ...(visual && { visual }) };
        const { logits } = await lanes.read(lane, first, 'logits');
        if (rest.length === 0) keep(lane, logits);
      }
      if (rest.length > 0) keep(lane, (await lanes.read(lane, { ids: rest }, 'logits')).logits);
    }
    for (let i = 0; i < 6; i++) {
      const tokens = several.flatMap(({ answer }, lane) => {
        const id = answer[i];
        return id === undefined ? [] : [{ lane, id }];
      });
      if (tokens.length === 0) break;
      const given = await lanes.step(tokens, 'logits');
      for (const [j, { lane }] of tokens.entries()) keep(lane, given[j]?.logits);
    }
    return seen;
  }

  it('predicts in any company what the engine predicts of each text alone', async () => {
    const property = fc.asyncProperty(
      fc.array(scenes, { minLength: 1, maxLength: 4 }),
      async (several) => {
        const seen = await inLanes(createLanes(batch, config, several.length), several);
        for (const [lane, scene] of several.entries()) {
          const alone = await byEngine(scene);
          expect(seen[lane]?.length).toBe(alone.length);
          alone.forEach((logits, i) => {
            const other = seen[lane]?.[i] as Float32Array;
            const far = logits.map((x, id) => Math.abs(x - (other[id] as number)));
            expect(Math.max(...far)).toBeLessThan(SAME);
          });
        }
      },
    );
    await fc.assert(property, { numRuns });
  });

  it('predicts the same bits in any company', async () => {
    const property = fc.asyncProperty(
      fc.array(scenes, { minLength: 2, maxLength: 5 }),
      async (several) => {
        const together = await inLanes(createLanes(batch, config, several.length), several);
        const [alone] = await inLanes(createLanes(batch, config, 1), several.slice(-1));
        expect(together.at(-1)).toEqual(alone);
      },
    );
    await fc.assert(property, { numRuns });
  });

  it('forgets what it is told to forget', async () => {
    const property = fc.asyncProperty(scenes, textOf(20), async (scene, other) => {
      const lanes = createLanes(batch, config, 2);
      await lanes.read(0, { ids: Int32Array.from(other) }, 'best');
      await lanes.step([{ lane: 0, id: 1 }], 'best');
      lanes.truncate(0, 0);
      const [again] = await inLanes(lanes, [scene]);
      const [fresh] = await inLanes(createLanes(batch, config, 2), [scene]);
      expect(again).toEqual(fresh);
    });
    await fc.assert(property, { numRuns });
  });
});
