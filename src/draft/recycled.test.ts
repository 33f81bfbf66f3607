import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DraftRows, DraftTree } from '../contracts/drafter.ts';
import { createRecycledTokens } from './recycle/recycled-tokens.ts';
import { recycled } from './recycled.ts';
import { openText } from './testing/draft-text.ts';

const IMAGE = 9;
const target = { hiddenSize: 4, vocabSize: 32, read: () => Promise.reject(new Error('unread')) };
const numRuns = Number(process.env.MSD_FUZZ ?? 200);

/** After one token, mostly another. */
const mostly = (first: number, second: number) => ({
  ids: Int32Array.of(first, second),
  logits: Float32Array.of(4, 2),
  each: 2,
});

async function guessed(
  text: readonly number[],
  learnt: readonly (readonly [number, number, number, number])[],
  total = 16,
  names: readonly Int32Array[] = [],
): Promise<DraftTree> {
  const known = createRecycledTokens();
  for (const [left, token, first, second] of learnt) {
    known.learn([left, token], mostly(first, second), 0);
  }
  const drafter = recycled.open({ target, imageTokenId: IMAGE, recycled: known });
  const reader = openText(drafter);
  const next = Int32Array.from(text);
  const rows: DraftRows = { next, from: { count: next.length }, at: next };
  await reader.extend(rows);
  const named = { names, shown: names.length > 0, written: 1 };
  return reader.propose(text.at(-1) as number, { total, depth: 6, topK: 8 }, { named });
}

/** Tokens below the root on the way to every node but the root. */
const pathsOf = ({ tokens, parents }: DraftTree): string[] => {
  const paths: number[][] = [[]];
  for (let node = 1; node < tokens.length; node += 1) {
    paths.push([...(paths[parents[node] as number] as number[]), tokens[node] as number]);
  }
  return paths.slice(1).map(String);
};

describe('the recycled drafter', () => {
  it('says that it recycles, so that the engine keeps what it guesses by', () => {
    const opened = recycled.open({ target, imageTokenId: IMAGE, recycled: createRecycledTokens() });
    expect(opened).toMatchObject({ name: 'recycled', drafts: true, recycles: true });
  });

  it('guesses on and on by the last two tokens of each path', async () => {
    const tree = await guessed(
      [1, 2],
      [
        [1, 2, 3, 4],
        [2, 3, 5, 6],
        [2, 4, 7, 8],
      ],
    );
    expect(pathsOf(tree)).toEqual(expect.arrayContaining(['3', '4', '3,5', '3,6', '4,7']));
    expect(pathsOf(tree)[0]).toBe('3');
  });

  it('guesses repeats of the text too, once each', async () => {
    const tree = await guessed([1, 2, 3, 1, 2], [[1, 2, 3, 4]]);
    const paths = pathsOf(tree);
    expect(paths).toEqual(expect.arrayContaining(['3', '4', '3,1', '3,1,2']));
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('never proposes a picture', async () => {
    const tree = await guessed([1, 2], [[1, 2, IMAGE, 4]]);
    expect([...tree.tokens]).toEqual([2, 4]);
  });

  it('grows best first within the shape, and its nodes share what their parent has', async () => {
    const learnt = fc.array(
      fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4), fc.integer({ min: 5, max: 8 })),
      {
        maxLength: 30,
      },
    );
    const texts = fc.array(fc.nat(4), { minLength: 1, maxLength: 30 });
    const named = fc.array(fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        texts,
        learnt,
        fc.integer({ min: 1, max: 30 }),
        named,
        async (text, seen, total, words) => {
          const names = words.map((ids) => Int32Array.from(ids));
          const { scores, parents } = await guessed(text, seen, total, names);
          const chances = Array.from(scores ?? [], Math.exp);
          expect(chances.length).toBeLessThanOrEqual(total);
          const below = new Array<number>(chances.length).fill(0);
          for (let node = 1; node < chances.length; node += 1) {
            const parent = parents[node] as number;
            below[parent] = (below[parent] as number) + (chances[node] as number);
            expect(chances[node]).toBeLessThanOrEqual((chances[node - 1] as number) + 1e-6);
          }
          for (const [node, sum] of below.entries())
            expect(sum).toBeLessThanOrEqual((chances[node] as number) + 1e-5);
        },
      ),
      { numRuns },
    );
  });

  describe('with names of what pictures show', () => {
    const [CAT, DOG] = [Int32Array.of(5, 6), Int32Array.of(7)];
    const law = (...chances: [token: number, chance: number][]) =>
      chances.map(([token, chance]) => ({ token, chance }));

    /** Chances by path below an answer of two tokens, by what is held likely behind some endings; a name's mark is IMAGE. */
    async function chancesAfter(
      text: readonly number[],
      likely: Readonly<Record<string, ReturnType<typeof law>>>,
      names: readonly Int32Array[] = [CAT, DOG],
    ) {
      const known = {
        ...createRecycledTokens(),
        after: (ending: readonly number[]) => likely[ending.join()] ?? [],
      };
      const reader = openText(recycled.open({ target, imageTokenId: IMAGE, recycled: known }));
      const next = Int32Array.from(text);
      await reader.extend({ next, from: { count: next.length }, at: next });
      const shape = { total: 16, depth: 6, topK: 8 };
      const hints = { named: { names, shown: names.length > 0, written: 2 } };
      const tree = await reader.propose(text.at(-1) as number, shape, hints);
      const chances = Array.from(tree.scores ?? [], Math.exp);
      return Object.fromEntries(pathsOf(tree).map((path, at) => [path, chances[at + 1]]));
    }

    it('shares the chance of a name among them, two thirds to the first', async () => {
      const likely = { [`${IMAGE},1,2`]: law([3, 0.2], [IMAGE, 0.6]) };
      const chances = await chancesAfter([8, 1, 2], likely);
      expect(chances['3']).toBeCloseTo(0.2);
      expect(chances['5']).toBeCloseTo(0.4);
      expect(chances['7']).toBeCloseTo(0.4 / 3);
    });

    it('goes on with the rest of a name, and behind it with what follows names', async () => {
      const likely = {
        [`${IMAGE},1,2`]: law([IMAGE, 0.9]),
        [`1,2,${IMAGE}`]: law([4, 1]),
      };
      const paths = Object.keys(await chancesAfter([8, 1, 2], likely));
      expect(paths).toEqual(expect.arrayContaining(['5', '5,6', '5,6,4', '7', '7,4']));
      expect(Object.keys(await chancesAfter([8, 2, 5], {}))).toEqual(['6']);
    });

    it('begins with a name that the answer has not said yet', async () => {
      const likely = { [`${IMAGE},${IMAGE},2`]: law([IMAGE, 0.9]) };
      const chances = await chancesAfter([8, 7, 2], likely, [DOG, CAT]);
      expect(chances['5']).toBeCloseTo(0.6);
      expect(chances['7']).toBeCloseTo(0.2);
    });

    it('guesses no name without any', async () => {
      const likely = { '8,1,2': law([3, 0.2], [IMAGE, 0.6]) };
      expect(Object.keys(await chancesAfter([8, 1, 2], likely, []))).toEqual(['3']);
    });
  });
});
