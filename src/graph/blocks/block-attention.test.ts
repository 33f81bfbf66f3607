import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { largestDifference } from '../../input/node/testing/read-goldens.ts';
import type { CachedText } from '../../model/block-cache.ts';
import { consecutive } from '../../model/consecutive.ts';
import { joinFloats } from '../../model/join-rows.ts';
import { laneInputs, pastInputs } from '../../model/pass-inputs.ts';
import {
  chosenRows,
  type HeadShape,
  type Lane,
  type LaneAttention,
  openLaneAttention,
  type RowNumbers,
  rowNumbers,
} from '../../model/testing/attention-lanes.ts';
import { createGraph, input } from '../graph.ts';
import { attend } from '../testing/attend.ts';
import { expectRefusal } from '../testing/expect-refusal.ts';
import { numRuns } from '../testing/random.ts';
import { BLOCK, jointBlockAttention } from './block-attention.ts';

/** A text: so many committed columns, and rows behind them. */
interface Text {
  readonly seed: number;
  readonly length: number;
  readonly parents: Int32Array;
}

/** A text, and the company that it keeps in the cache and in a pass. */
interface Guest extends Text {
  /** Texts that are opened before it: full of other columns, and gone again or not. */
  readonly strangers: readonly { readonly length: number; readonly stays: boolean }[];
}

const lengths = fc.oneof(
  fc.nat(12),
  fc.integer({ min: BLOCK - 12, max: BLOCK + 2 }),
  fc.nat(3 * BLOCK),
);
/** Mostly a line, so that it gets deep, with decoys between its nodes. */
const trees = fc
  .array(fc.tuple(fc.nat(3), fc.nat()), { minLength: 1, maxLength: 20 })
  .map((draws) =>
    Int32Array.from(draws, ([kind, at], row) => (kind > 0 ? row - 1 : (at % (row + 1)) - 1)),
  );
const strangers = fc.array(fc.record({ length: fc.nat(2 * BLOCK), stays: fc.boolean() }), {
  maxLength: 2,
});
const seed = fc.nat(1e6);
const treeGuests = fc.array(fc.record({ seed, length: lengths, parents: trees, strangers }), {
  minLength: 1,
  maxLength: 5,
});
const chunkGuests = fc.array(
  fc.record({
    seed,
    length: fc.nat(2).map((blocks) => blocks * BLOCK),
    parents: fc.integer({ min: BLOCK + 1, max: 2 * BLOCK + 10 }).map((n) => consecutive(n, -1)),
    strangers,
  }),
  { minLength: 1, maxLength: 3 },
);

/** With the numbers of its committed columns and of its rows. */
const numbered = <T extends Text>(shape: HeadShape, text: T) => ({
  ...text,
  committed: rowNumbers(shape, text.length, 2 * text.seed),
  rows: rowNumbers(shape, text.parents.length, 2 * text.seed + 1),
});
type Numbered<T extends Text = Text> = ReturnType<typeof numbered<T>>;

const bits = ({ buffer, byteOffset, length }: Float32Array) =>
  new Int32Array(buffer, byteOffset, length);

/** The nodes that lead to a row, itself the last. */
function pathTo(parents: Int32Array, row: number): number[] {
  const path: number[] = [];
  for (let at = row; at >= 0; at = parents[at] as number) path.unshift(at);
  return path;
}

/** All texts in one pass over one cache. */
async function together(attention: LaneAttention, guests: readonly Numbered<Guest>[]) {
  const cache = attention.newCache();
  const lanes: Lane[] = [];
  const leaving: CachedText[] = [];
  for (const { strangers, committed, rows, parents } of guests) {
    for (const { length, stays } of strangers) {
      const stranger = cache.open();
      stranger.append(attention.numbers(length, 7), consecutive(length));
      if (!stays) leaving.push(stranger);
    }
    const text = cache.open();
    text.append(committed, consecutive(committed.count));
    lanes.push({ text, rows, parents });
  }
  for (const stranger of leaving) stranger.dispose();
  return attention.mix(cache, lanes);
}

/** Every row as the only one of its pass, behind the columns of its own path, which are committed. */
async function alone(attention: LaneAttention, { committed, rows, parents }: Numbered) {
  const cache = attention.newCache();
  const own = cache.open();
  own.append(committed, consecutive(committed.count));
  const mixed: Float32Array[] = [];
  const walk = async (parent: number) => {
    const { length } = own;
    for (let row = parent + 1; row < rows.count; row++) {
      if (parents[row] !== parent) continue;
      const lane = { text: own, rows: chosenRows(rows, [row]), parents: Int32Array.of(-1) };
      mixed[row] = (await attention.mix(cache, [lane]))[0] as Float32Array;
      own.append(rows, Int32Array.of(row));
      await walk(row);
      own.truncate(length);
    }
  };
  await walk(-1);
  return mixed;
}

/** Plain attention of one row over the committed columns and its path, in double precision. */
function plain(
  { heads, kvHeads, headDim }: HeadShape,
  { committed, rows, parents }: Numbered,
  row: number,
): number[] {
  const vector = (data: Float32Array, at: number) => [
    ...data.subarray(at * headDim, (at + 1) * headDim),
  ];
  const path = pathTo(parents, row);
  return Array.from({ length: heads }, (_, head) => {
    const h = Math.floor((head * kvHeads) / heads);
    const all = (name: 'keys' | 'values') => [
      ...Array.from(consecutive(committed.count), (at) =>
        vector(committed[name], at * kvHeads + h),
      ),
      ...path.map((at) => vector(rows[name], at * kvHeads + h)),
    ];
    return attend(vector(rows.queries, row * heads + head), all('keys'), all('values'));
  }).flat();
}

const SHAPES = [
  { heads: 2, kvHeads: 2, headDim: 8 },
  { heads: 6, kvHeads: 2, headDim: 4 },
  { heads: 3, kvHeads: 1, headDim: 64 },
] as const;

describe.each(SHAPES.flatMap((shape) => [1, 2, 4].map((threads) => ({ ...shape, threads }))))(
  'attention in blocks: $heads heads over $kvHeads of width $headDim, $threads threads',
  ({ threads, ...shape }) => {
    let attention: LaneAttention;
    beforeAll(async () => {
      attention = await openLaneAttention(shape, threads);
    });
    afterAll(() => attention.dispose());

    const hold = async (drawn: readonly Guest[]) => {
      const guests = drawn.map((guest) => numbered(shape, guest));
      const all = await together(attention, guests);
      const width = shape.heads * shape.headDim;
      for (const [lane, guest] of guests.entries()) {
        const mixed = all[lane] as Float32Array;
        for (const [row, own] of (await alone(attention, guest)).entries()) {
          const ofRow = mixed.subarray(row * width, (row + 1) * width);
          expect(bits(ofRow), `row ${row} of lane ${lane}`).toEqual(bits(own));
        }
        const some = Math.floor(guest.rows.count / 2);
        const expected = [0, some].flatMap((row) => plain(shape, guest, row));
        const near = [0, some].flatMap((row) => [
          ...mixed.subarray(row * width, (row + 1) * width),
        ]);
        expect(largestDifference(near, expected), `lane ${lane}`).toBeLessThan(1e-5);
      }
    };

    it('gives a row of a tree the bits that it has alone, and the numbers of plain attention', () =>
      fc.assert(fc.asyncProperty(treeGuests, hold), { numRuns: Math.ceil(numRuns / 30) }));

    it('gives a row of a chunk the bits that it has alone, and the numbers of plain attention', () =>
      fc.assert(fc.asyncProperty(chunkGuests, hold), { numRuns: Math.ceil(numRuns / 100) }));

    it('does not feel what is hidden, however large', async () => {
      const last = async (hidden: number) => {
        const cache = attention.newCache();
        const text = cache.open();
        const { committed, rows, parents } = numbered(shape, HIDING);
        text.append(committed, consecutive(committed.count));
        text.append(filled(committed, hidden), consecutive(committed.count));
        text.truncate(committed.count);
        const decoy = filled(chosenRows(rows, [0]), hidden);
        const own = chosenRows(rows, [1]);
        const [mixed] = await attention.mix(cache, [{ text, rows: joined(decoy, own), parents }]);
        return mixed?.slice(mixed.length / 2);
      };
      expect(await last(1e18)).toEqual(await last(0));
    });

    it('keeps rows that are no numbers to their own lane', async () => {
      const mixed = async (strange: number) => {
        const cache = attention.newCache();
        const lanes = [1, 2, 5].map((count, lane) => {
          const own = { ...HIDING, parents: new Int32Array(count).fill(-1) };
          const { committed, rows, parents } = numbered(shape, own);
          const text = cache.open();
          text.append(committed, consecutive(committed.count));
          return { text, rows: lane === 1 ? rows : filled(rows, strange), parents };
        });
        return (await attention.mix(cache, lanes))[1];
      };
      expect(await mixed(Number.NaN)).toEqual(await mixed(1));
    });
  },
);

/** Two rows that both follow the committed columns. */
const HIDING: Text = { seed: 5, length: 20, parents: Int32Array.of(-1, -1) };

const filled = ({ count, queries, keys, values }: RowNumbers, value: number): RowNumbers => ({
  count,
  queries: queries.map(() => value),
  keys: keys.map(() => value),
  values: values.map(() => value),
});

const joined = (a: RowNumbers, b: RowNumbers): RowNumbers => ({
  count: a.count + b.count,
  queries: joinFloats([a.queries, b.queries]),
  keys: joinFloats([a.keys, b.keys]),
  values: joinFloats([a.values, b.values]),
});

describe('what does not fit', () => {
  const parts = (heads: number, kvHeads: number, cacheWidth = 4) => {
    const graph = createGraph('g');
    const past = pastInputs(graph, 0, { kvHeads, headDim: cacheWidth });
    const queryKey = input(graph, 'qk', 'float32', ['n', (heads + kvHeads) * 4]);
    const value = input(graph, 'v', 'float32', ['n', kvHeads * 4]);
    return { graph, past, queryKey, value };
  };

  it('heads that are no multiple of the key/value heads', () => {
    const { graph } = parts(3, 2);
    expectRefusal(() => laneInputs(graph, { heads: 3, kvHeads: 2, headDim: 4 }), '3', '2');
  });

  it('rows of fewer key/value heads than the map is for', () => {
    const { graph, past, queryKey, value } = parts(2, 1);
    const { map } = laneInputs(graph, { heads: 2, kvHeads: 2, headDim: 4 });
    expectRefusal(
      () => jointBlockAttention(queryKey, value, past, map),
      '[c, 1, 4, o]',
      '[c, 2, 4, w]',
    );
  });

  it('a cache of another width', () => {
    const { graph, past, queryKey, value } = parts(2, 2, 6);
    const { map } = laneInputs(graph, { heads: 2, kvHeads: 2, headDim: 4 });
    expectRefusal(() => jointBlockAttention(queryKey, value, past, map), '[n, 16]', '6');
  });
});
