import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NonFiniteFeatureError } from '../contracts/errors.ts';
import type { Rows } from '../contracts/rows.ts';
import type { Forward, Sequence, Step, Target } from '../contracts/target.ts';
import { onAllAxes } from '../decode/draft-rows.ts';
import { BLOCK } from '../graph/blocks/block-attention.ts';
import { largestDifference } from '../input/node/testing/read-goldens.ts';
import { consecutive } from './consecutive.ts';
import { openRandomLlama, type RandomLlama } from './testing/random-llama.ts';

const numRuns = Math.ceil(Number(process.env.MSD_FUZZ ?? 300) / 25);
const SAME = 1e-4;

/** Rows of a step behind some committed text. */
interface Rowset {
  readonly ids: Int32Array; // [n]
  readonly parents: Int32Array; // [n]
}
interface Scene extends Rowset {
  readonly committed: Int32Array;
}

const id = fc.nat(49);
const idsOf = (least: number, most: number) =>
  fc.array(id, { minLength: least, maxLength: most }).map((ids) => Int32Array.from(ids));
const scenes: fc.Arbitrary<Scene> = idsOf(1, 9).chain((ids) =>
  fc.record({
    committed: fc.oneof(idsOf(0, 6), idsOf(BLOCK - 4, BLOCK + 1)),
    ids: fc.constant(ids),
    parents: fc
      .array(fc.nat(), { minLength: ids.length, maxLength: ids.length })
      .map((draws) => Int32Array.from(draws, (draw, row) => (draw % (row + 1)) - 1)),
  }),
);

const severalScenes = fc.array(scenes, { minLength: 2, maxLength: 4 });

const chain = (ids: Int32Array): Rowset => ({ ids, parents: consecutive(ids.length, -1) });

function stepOf(sequence: Sequence, { ids, parents }: Rowset, shift = 0): Step {
  const positions = new Int32Array(ids.length);
  for (const [row, parent] of parents.entries()) {
    positions[row] = parent < 0 ? sequence.length + shift : (positions[parent] as number) + 1;
  }
  const heads = consecutive(ids.length);
  return { sequence, ids, parents, positions: onAllAxes(positions), heads, want: 'logits' };
}

/** A forward with the features of its rows. */
interface Reading extends Forward {
  readonly features: Rows;
}

async function readAll(target: Target, steps: readonly Step[]): Promise<Reading[]> {
  const forwards = await target.forward(steps);
  return Promise.all(
    forwards.map(async (forward) => ({ ...forward, features: await target.read(forward.rows) })),
  );
}

async function read(target: Target, step: Step): Promise<Reading> {
  return (await readAll(target, [step]))[0] as Reading;
}

/** A sequence that holds these ids, read as one chunk. */
async function holding(target: Target, ids: Int32Array): Promise<Sequence> {
  const sequence = target.open();
  if (ids.length === 0) return sequence;
  sequence.commit(await read(target, stepOf(sequence, chain(ids))), consecutive(ids.length));
  return sequence;
}

async function stepsOf(target: Target, several: readonly Scene[]): Promise<Step[]> {
  const steps: Step[] = [];
  for (const scene of several) {
    steps.push(stepOf(await holding(target, scene.committed), scene));
  }
  return steps;
}

const dataOf = (rows: Rows | undefined): Float32Array => rows?.data ?? new Float32Array(0);

function rowOf({ data, width }: Rows, row: number): Float32Array {
  return data.slice(row * width, (row + 1) * width);
}

/** Features and logits of every row, read word by word along the path that leads to it. */
async function readPathByPath(target: Target, { committed, ids, parents }: Scene) {
  const sequence = await holding(target, committed);
  const rows: { features: Float32Array; logits: Float32Array }[] = [];
  const walk = async (parent: number) => {
    const { length } = sequence;
    for (let row = parent + 1; row < ids.length; row++) {
      if (parents[row] !== parent) continue;
      const forward = await read(target, stepOf(sequence, chain(ids.slice(row, row + 1))));
      const { features, logits } = forward;
      rows[row] = { features: rowOf(features, 0), logits: rowOf(logits as Rows, 0) };
      sequence.commit(forward, Int32Array.of(0));
      await walk(row);
      sequence.truncate(length);
    }
  };
  await walk(-1);
  return rows;
}

/** The rows from the first of a path to its last. */
function pathTo(parents: Int32Array, last: number): Int32Array {
  const path: number[] = [];
  for (let row = last; row >= 0; row = parents[row] as number) path.unshift(row);
  return Int32Array.from(path);
}

/** Whether a row is another or hangs from it. */
function hangsFrom(parents: Int32Array, row: number, other: number): boolean {
  return pathTo(parents, row).includes(other);
}

describe.each([
  { name: 'a head each, F32', kvHeads: 4, tied: false, dtype: 'F32' },
  { name: 'shared heads, F32, tied', kvHeads: 2, tied: true, dtype: 'F32' },
  { name: 'one key head, F16', kvHeads: 1, tied: false, dtype: 'F16' },
  { name: 'shared heads, BF16, tied', kvHeads: 2, tied: true, dtype: 'BF16' },
] as const)('a llama with $name', (settings) => {
  let llama: RandomLlama;
  beforeAll(async () => {
    llama = await openRandomLlama(settings);
  });
  afterAll(() => llama.dispose());
  const holds = (check: (scene: Scene, target: Target) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(scenes, (scene) => check(scene, llama.target)),
      { numRuns },
    );

  it('reads a tree as it reads each of its paths in turn, bit for bit', () =>
    holds(async (scene, target) => {
      const forward = await read(target, stepOf(await holding(target, scene.committed), scene));
      for (const [row, { features, logits }] of (await readPathByPath(target, scene)).entries()) {
        expect(rowOf(forward.features, row), `features of row ${row}`).toEqual(features);
        expect(rowOf(forward.logits as Rows, row), `logits of row ${row}`).toEqual(logits);
      }
    }));

  it('reads a text in any chunks as in one, bit for bit', () =>
    holds(async ({ committed, ids }, target) => {
      const whole = await read(
        target,
        stepOf(target.open(), chain(Int32Array.of(...committed, ...ids))),
      );
      const last = await read(target, stepOf(await holding(target, committed), chain(ids)));
      const n = committed.length;
      for (const row of ids.keys()) {
        expect(rowOf(last.features, row), `row ${row}`).toEqual(rowOf(whole.features, n + row));
      }
    }));

  it('reads several sequences at once as it reads each alone, bit for bit', () =>
    fc.assert(
      fc.asyncProperty(severalScenes, async (several) => {
        const { target } = llama;
        const steps = await stepsOf(target, several);
        const together = await readAll(target, steps);
        for (const [index, step] of steps.entries()) {
          const { features, logits, best } = together[index] as Reading;
          const alone = await read(target, step);
          expect(features.data, `features of step ${index}`).toEqual(alone.features.data);
          expect(dataOf(logits), `logits of step ${index}`).toEqual(dataOf(alone.logits));
          expect(best).toEqual(alone.best);
        }
      }),
      { numRuns },
    ));

  it('gives each step what it wants, and no logits to those that want the best', () =>
    holds(async (scene, target) => {
      const step = stepOf(await holding(target, scene.committed), scene);
      const other = stepOf(await holding(target, scene.committed), scene);
      const [logits, best] = await target.forward([step, { ...other, want: 'best' }]);
      expect(best?.logits).toBeUndefined();
      expect(best?.best).toEqual(logits?.best);
      expect(logits?.logits?.count).toBe(step.heads.length);
    }));

  it('keeps a row that is not finite to its own step', () =>
    holds(async (scene, target) => {
      const steps = await stepsOf(target, [scene, scene, scene]);
      const { hiddenSize: width } = target;
      const broken = {
        embeddings: { data: new Float32Array(width).fill(Number.NaN), count: 1, width },
        slots: Int32Array.of(0),
      };
      const faulty = steps.map((step, at) => (at === 1 ? step : { ...step, visual: broken }));
      const [first, fine, last] = await readAll(target, faulty);
      expect([first?.fault, last?.fault]).toEqual(Array(2).fill(expect.any(NonFiniteFeatureError)));
      expect(fine?.fault).toBeUndefined();
      const alone = await read(target, steps[1] as Step);
      expect(fine?.features.data).toEqual(alone.features.data);
      expect(dataOf(fine?.logits)).toEqual(dataOf(alone.logits));
    }));

  it('commits to each sequence its own rows of a pass over several', () =>
    fc.assert(
      fc.asyncProperty(severalScenes, async (several) => {
        const { target } = llama;
        const steps = await stepsOf(target, several);
        const together = await target.forward(steps);
        const paths = steps.map(({ parents }) => pathTo(parents, parents.length - 1));
        for (const [index, { sequence }] of steps.entries()) {
          sequence.commit(together[index] as Forward, paths[index] as Int32Array);
        }
        for (const [index, { sequence, ids }] of steps.entries()) {
          const path = paths[index] as Int32Array;
          const text = Int32Array.of(
            ...(several[index] as Scene).committed,
            ...path.map((at) => ids[at] as number),
          );
          const next = chain(Int32Array.of(7));
          const after = await read(target, stepOf(sequence, next));
          const expected = await read(target, stepOf(await holding(target, text), next));
          expect(after.features.data, `after step ${index}`).toEqual(expected.features.data);
        }
      }),
      { numRuns },
    ));

  it('lets no row be touched by one that it does not see', () =>
    holds(async (scene, target) => {
      const sequence = await holding(target, scene.committed);
      const before = await read(target, stepOf(sequence, scene));
      const changed = scene.ids.length >> 1;
      const ids = scene.ids.with(changed, ((scene.ids[changed] as number) + 1) % 50);
      const after = await read(target, stepOf(sequence, { ...scene, ids }));
      for (const row of ids.keys()) {
        const difference = largestDifference(
          rowOf(before.features, row),
          rowOf(after.features, row),
        );
        if (hangsFrom(scene.parents, row, changed)) expect(difference).toBeGreaterThan(1e-5);
        else expect(difference).toBe(0);
      }
    }));

  it('hears of positions only how far they are apart', () =>
    holds(async (scene, target) => {
      const ids = Int32Array.of(...scene.committed, ...scene.ids);
      const here = await read(target, stepOf(target.open(), chain(ids)));
      const there = await read(target, stepOf(target.open(), chain(ids), 100));
      expect(largestDifference(here.features.data, there.features.data)).toBeLessThan(SAME);
    }));

  it('reads a visual row as the word whose embedding it is', () =>
    holds(async (scene, target) => {
      const sequence = await holding(target, scene.committed);
      const words = await read(target, stepOf(sequence, scene));
      const slots = consecutive(scene.ids.length).filter((row) => row % 2 === 0);
      const width = target.hiddenSize;
      const table = { data: llama.table, count: target.vocabSize, width };
      const data = Float32Array.from(
        [...slots].flatMap((row) => [...rowOf(table, scene.ids[row] as number)]),
      );
      const visual = { embeddings: { data, count: slots.length, width }, slots };
      const ids = scene.ids.map((word, row) => (row % 2 === 0 ? 49 : word));
      const seen = await read(target, { ...stepOf(sequence, { ...scene, ids }), visual });
      expect(seen.features.data).toEqual(words.features.data);
    }));

  it('gives the heads that are asked for, in their order, and the best of each', () =>
    holds(async (scene, target) => {
      const step = stepOf(await holding(target, scene.committed), scene);
      const all = await read(target, step);
      const heads = step.heads.filter((row) => row % 3 !== 1).reverse();
      const some = await read(target, { ...step, heads });
      for (const [index, row] of heads.entries()) {
        const logits = rowOf(some.logits as Rows, index);
        const expected = rowOf(all.logits as Rows, row);
        expect(logits, `logits of row ${row}`).toEqual(expected);
        expect(some.best[index]).toBe(logits.indexOf(Math.max(...logits)));
      }
    }));
});

describe('weights of 16 bits', () => {
  it.each(['F16', 'BF16'] as const)('%s reads as F32 of the same numbers', async (dtype) => {
    const wide = await openRandomLlama({ kvHeads: 2, tied: false, dtype: 'F32' });
    const narrow = await openRandomLlama({ kvHeads: 2, tied: false, dtype });
    const text = chain(Int32Array.of(3, 1, 4, 1, 5));
    const expected = await read(wide.target, stepOf(wide.target.open(), text));
    const { logits } = await read(narrow.target, stepOf(narrow.target.open(), text));
    expect(largestDifference(dataOf(logits), dataOf(expected.logits))).toBeLessThan(1e-6);
    await Promise.all([wide.dispose(), narrow.dispose()]);
  });
});
