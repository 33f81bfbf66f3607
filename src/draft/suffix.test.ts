import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DraftRows, DraftTree, TreeShape } from '../contracts/drafter.ts';
import { createSuffixDrafter } from './suffix.ts';
import { openText } from './testing/draft-text.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const BARRIER = 9;

const texts = fc.array(
  fc.oneof({ weight: 9, arbitrary: fc.nat(4) }, { weight: 1, arbitrary: fc.constant(BARRIER) }),
  { minLength: 1, maxLength: 60 },
);
const shapes: fc.Arbitrary<TreeShape> = fc.record({
  total: fc.integer({ min: 1, max: 30 }),
  depth: fc.nat(6),
  topK: fc.integer({ min: 1, max: 6 }),
});

/** It never reads a feature. */
const rowsOf = (next: Iterable<number>): DraftRows => {
  const ids = Int32Array.from(next);
  return { next: ids, from: { count: ids.length }, at: ids };
};

async function proposed(text: readonly number[], shape: TreeShape): Promise<DraftTree> {
  const reader = openText(createSuffixDrafter(BARRIER));
  await reader.extend(rowsOf(text));
  return reader.propose(text.at(-1) as number, shape);
}

/** Tokens below the root on the way to every node but the root. */
function pathsOf({ tokens, parents }: DraftTree): number[][] {
  const paths: number[][] = [[]];
  for (let node = 1; node < tokens.length; node++) {
    paths.push([...(paths[parents[node] as number] as number[]), tokens[node] as number]);
  }
  return paths.slice(1);
}

describe('createSuffixDrafter', () => {
  it('proposes only paths of the text behind an earlier root, each once, within the shape', () =>
    fc.assert(
      fc.asyncProperty(texts, shapes, async (text, shape) => {
        const tree = await proposed(text, shape);
        const written = `,${text.join()},`;
        const paths = pathsOf(tree).map(String);
        for (const path of paths) expect(written).toContain(`,${text.at(-1)},${path},`);
        expect(new Set(paths).size).toBe(paths.length);
        expect(tree.tokens.subarray(1)).not.toContain(BARRIER);
        expect(tree.tokens.length).toBeLessThanOrEqual(shape.total);
        expect(Math.max(...tree.depths)).toBeLessThanOrEqual(shape.depth + 1);
      }),
      { numRuns },
    ));

  it('grows best first, and tells chances that share what their parent has', () =>
    fc.assert(
      fc.asyncProperty(texts, shapes, async (text, shape) => {
        const { scores, parents } = await proposed(text, { ...shape, topK: 64 });
        const chances = Array.from(scores ?? [], Math.exp);
        const below = new Array<number>(chances.length).fill(0);
        for (let node = 1; node < chances.length; node++) {
          const parent = parents[node] as number;
          expect(parent).toBeLessThan(node);
          below[parent] = (below[parent] as number) + (chances[node] as number);
          expect(chances[node]).toBeLessThanOrEqual((chances[node - 1] as number) + 1e-6);
        }
        for (const [node, sum] of below.entries())
          expect(sum).toBeLessThanOrEqual((chances[node] as number) + 1e-6);
      }),
      { numRuns },
    ));

  it('counts what followed, long matches for more', async () => {
    const first = async (text: number[]) =>
      (await proposed(text, { total: 2, depth: 0, topK: 1 })).tokens[1];
    expect(await first([0, 3, 5, 0, 3, 5, 0, 3, 6, 0, 3])).toBe(5); // twice beside once
    expect(await first([1, 2, 3, 5, 0, 2, 3, 6, 4, 2, 3, 6, 4, 1, 2, 3])).toBe(5); // three tokens beside two
  });

  it('is surer the longer the match', async () => {
    const chance = async (length: number) => {
      const run = Array.from({ length }, (_, i) => i);
      const { scores } = await proposed([...run, 30, 31, ...run], { total: 2, depth: 0, topK: 1 });
      return Math.exp(scores?.[1] as number);
    };
    expect(await chance(1)).toBeCloseTo(0.5);
    expect(await chance(9)).toBeCloseTo(0.9);
  });

  it('reads past no picture', async () => {
    const text = [3, 5, BARRIER, BARRIER, 6, 3];
    expect([...(await proposed(text, { total: 9, depth: 5, topK: 4 })).tokens]).toEqual([3, 5]);
  });

  it('proposes the root alone where the text has no such token, is none, or does not end in the root', async () => {
    const shape = { total: 9, depth: 5, topK: 4 };
    expect([...(await proposed([1, 2, 3], shape)).tokens]).toEqual([3]);
    const text = openText(createSuffixDrafter(BARRIER));
    expect([...(await text.propose(3, shape)).tokens]).toEqual([3]);
    await text.extend(rowsOf([1, 2, 1]));
    expect([...(await text.propose(2, shape)).tokens]).toEqual([2]);
  });

  it.each([
    ['words', (i: number) => (i * i * 31 + i * 7) % 997],
    ['one word over and over', () => 5],
    ['two words in turn', (i: number) => i % 2],
  ])('takes less than two milliseconds on 100,000 tokens of %s', async (_, word) => {
    const text = openText(createSuffixDrafter(BARRIER));
    const next = Int32Array.from({ length: 100_000 }, (_, i) => word(i));
    await text.extend(rowsOf(next));
    const times: number[] = [];
    for (let i = 0; i < 30; i++) {
      const start = performance.now();
      await text.propose(next.at(-1) as number, { total: 64, depth: 15, topK: 9 });
      times.push(performance.now() - start);
    }
    expect(Math.min(...times)).toBeLessThan(2);
  });
});
