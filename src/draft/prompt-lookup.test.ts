import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DraftRows, DraftTree, TreeShape } from '../contracts/drafter.ts';
import { createPromptLookupDrafter } from './prompt-lookup.ts';
import { openText } from './testing/draft-text.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const BARRIER = 9;
const LONGEST = 3;

const texts = fc.array(
  fc.oneof({ weight: 9, arbitrary: fc.nat(4) }, { weight: 1, arbitrary: fc.constant(BARRIER) }),
  { minLength: 1, maxLength: 60 },
);
const shapes: fc.Arbitrary<TreeShape> = fc.record({
  total: fc.integer({ min: 1, max: 30 }),
  depth: fc.nat(6),
  topK: fc.integer({ min: 1, max: 6 }),
});

async function proposed(text: readonly number[], shape: TreeShape): Promise<DraftTree> {
  const reader = openText(createPromptLookupDrafter(BARRIER));
  await reader.extend(rowsOf(text));
  return reader.propose(text.at(-1) as number, shape);
}

/** It never reads a feature. */
const rowsOf = (next: Iterable<number>): DraftRows => {
  const ids = Int32Array.from(next);
  return { next: ids, from: { count: ids.length }, at: ids };
};

/** Tokens below the root on the way to every node but the root. */
function pathsOf({ tokens, parents }: DraftTree): number[][] {
  const paths: number[][] = [[]];
  for (let node = 1; node < tokens.length; node++) {
    paths.push([...(paths[parents[node] as number] as number[]), tokens[node] as number]);
  }
  return paths.slice(1);
}

/** By definition: every earlier place that reads like the end, by length of the match and then nearness. */
function continuations(text: readonly number[], { depth, topK }: TreeShape): number[][] {
  const places = Array.from({ length: text.length - 1 }, (_, end) => {
    const alike = [1, 2, 3].filter(
      (length) =>
        length <= end + 1 &&
        String(text.slice(end + 1 - length, end + 1)) === String(text.slice(-length)),
    );
    return { end, match: Math.min(LONGEST, alike.length) };
  });
  return places
    .filter(({ end, match }) => match > 0 && text[end + 1] !== BARRIER)
    .sort((a, b) => b.match - a.match || b.end - a.end)
    .slice(0, topK)
    .map(({ end }) => {
      const run = text.slice(end + 1, end + 2 + depth);
      return run.includes(BARRIER) ? run.slice(0, run.indexOf(BARRIER)) : run;
    });
}

describe('createPromptLookupDrafter', () => {
  it('proposes what followed the best places, and nothing else, where there is room', async () => {
    await fc.assert(
      fc.asyncProperty(texts, shapes, async (text, shape) => {
        const tree = await proposed(text, { ...shape, total: 1000 });
        const expected = continuations(text, shape).flatMap((run) =>
          run.map((_, i) => String(run.slice(0, i + 1))),
        );
        expect(new Set(pathsOf(tree).map(String))).toEqual(new Set(expected));
      }),
      { numRuns },
    );
  });

  it('proposes only paths of the text behind an earlier root, within the shape', async () => {
    await fc.assert(
      fc.asyncProperty(texts, shapes, async (text, shape) => {
        const tree = await proposed(text, shape);
        const root = text.at(-1);
        const written = `,${text.join()},`;
        for (const path of pathsOf(tree)) expect(written).toContain(`,${[root, ...path].join()},`);
        expect(tree.tokens.subarray(1)).not.toContain(BARRIER);
        expect(tree.tokens.length).toBeLessThanOrEqual(shape.total);
        expect(Math.max(...tree.depths)).toBeLessThanOrEqual(shape.depth + 1);
        const children = Array.from(tree.parents, (parent) =>
          tree.parents.reduce((sum, other) => sum + Number(other === parent), 0),
        );
        expect(Math.max(...children)).toBeLessThanOrEqual(Math.max(1, shape.topK));
      }),
      { numRuns },
    );
  });

  it('prefers long matches, then recent ones, when the tree is small', async () => {
    // 3 stands four times: at the end, behind 1 2 (then 5), alone (then 6), and alone again (then 7).
    const text = [1, 2, 3, 5, 0, 3, 6, 0, 3, 7, 0, 1, 2, 3];
    const first = async (topK: number) =>
      [...(await proposed(text, { total: 9, depth: 0, topK })).tokens].slice(1);
    expect(await first(1)).toEqual([5]);
    expect(await first(2)).toEqual([5, 7]);
    expect(await first(3)).toEqual([5, 7, 6]);
  });

  it('stores equal beginnings once', async () => {
    const tree = await proposed([3, 5, 6, 0, 3, 5, 7, 0, 3], { total: 20, depth: 1, topK: 4 });
    expect([...tree.tokens]).toEqual([3, 5, 7, 6]);
    expect([...tree.parents]).toEqual([-1, 0, 1, 1]);
  });

  it('reads past no picture', async () => {
    const text = [3, 5, BARRIER, BARRIER, 6, 3];
    expect([...(await proposed(text, { total: 9, depth: 5, topK: 4 })).tokens]).toEqual([3, 5]);
  });

  it('proposes the root alone where the text has no such token, or is none', async () => {
    const shape = { total: 9, depth: 5, topK: 4 };
    expect([...(await proposed([1, 2, 3], shape)).tokens]).toEqual([3]);
    expect([...(await proposed([3], shape)).tokens]).toEqual([3]);
    const empty = openText(createPromptLookupDrafter(BARRIER));
    expect([...(await empty.propose(3, shape)).tokens]).toEqual([3]);
  });

  it('proposes the root alone below a token that was not announced', async () => {
    const text = openText(createPromptLookupDrafter(BARRIER));
    await text.extend(rowsOf([1, 2, 1]));
    expect([...(await text.propose(2, { total: 9, depth: 5, topK: 4 })).tokens]).toEqual([2]);
  });

  it.each([
    ['words', (i: number) => (i * i * 31 + i * 7) % 997],
    ['one word over and over', () => 5],
    ['two words in turn', (i: number) => i % 2],
  ])('takes less than a millisecond on 10,000 tokens of %s', async (_, word) => {
    const text = openText(createPromptLookupDrafter(BARRIER));
    const next = Int32Array.from({ length: 10_000 }, (_, i) => word(i));
    await text.extend(rowsOf(next));
    const times: number[] = [];
    for (let i = 0; i < 30; i++) {
      const start = performance.now();
      await text.propose(next.at(-1) as number, { total: 59, depth: 5, topK: 10 });
      times.push(performance.now() - start);
    }
    expect(Math.min(...times)).toBeLessThan(1);
  });
});
