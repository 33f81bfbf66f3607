import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floatsOf, intsOf, type Tensor } from '../contracts/session.ts';
import { BLOCK } from '../graph/blocks/block-attention.ts';
import { type CachedText, createBlockCache } from './block-cache.ts';
import { consecutive } from './consecutive.ts';
import { isChunk, laneFeeds } from './lane-map.ts';

const numRuns = Math.ceil(Number(process.env.MSD_FUZZ ?? 300) / 3);

/** One text of a pass: so many committed columns, then rows behind them. */
interface Text {
  readonly length: number;
  readonly parents: readonly number[];
  readonly pending?: readonly (readonly number[])[];
}

type Feeds = Readonly<Record<string, Tensor>>;

/** A cache whose keys say whose column they are: 1000 · text + position. */
function filledCache(texts: readonly Text[], strangers: readonly number[]) {
  const cache = createBlockCache({ layers: 1, kvHeads: 1, headDim: 1 });
  const fill = (length: number, name: number): CachedText => {
    const text = cache.open();
    const keys = Float32Array.from({ length }, (_, position) => 1000 * name + position);
    text.append({ keys, values: keys, count: length }, consecutive(length));
    return text;
  };
  const opened = texts.map(({ length }, lane) => {
    const stranger = strangers[lane] ?? -1;
    if (stranger >= 0) fill(stranger, 99);
    return fill(length, lane);
  });
  return { cache, opened };
}

function feedsOf(texts: readonly Text[], strangers: readonly number[] = [], columns = 0): Feeds {
  const { cache, opened } = filledCache(texts, strangers);
  const lanes = texts.map(({ length, parents, pending }) => ({
    length,
    parents: Int32Array.from(parents),
    ...(pending && { pending }),
  }));
  const rows = texts.reduce((sum, { parents }) => sum + parents.length, 0);
  const shape = { layers: 1, kvHeads: 1, headDim: 1 };
  return laneFeeds(lanes, cache.read(opened), shape, 1, Math.max(2, rows), columns);
}

/** The columns of each part that a row adds, one list a part: cached ones by name, new ones as `row 3`, `pending 0`. */
function seenBy(feeds: Feeds, row: number, slots: 'sum_slots' | 'max_slots'): string[][] {
  const ints = (name: string) => intsOf(feeds, name);
  const shape = (name: string) => feeds[name]?.shape as readonly number[];
  const [b, r] = [shape(slots)[1] as number, shape('tail_queries')[2] as number];
  const [s, p] = [shape(slots)[0] as number, shape('block_lane')[0] as number];
  const [c, , , m] = shape('bias') as [number, number, number, number];
  const [o, w] = [shape('open_keys_0')[3] as number, shape('tail_keys')[2] as number];
  const place = ints('mixed_rows')[row] as number;
  const expectQuery = (
    name: string,
    at: number, // of one head and its key
  ) => expect(ints(name)[at * r + (place % r)], `query of row ${row}`).toBe(2 * row);
  const lane = Math.floor(place / r);
  return Array.from({ length: s }, (_, i) => ints(slots)[i * b + lane] as number).flatMap(
    (slot): string[][] => {
      if (slot < p) {
        expect(ints('block_lane')[slot]).toBe(lane);
        expectQuery('block_queries', slot);
        const keys = floatsOf(feeds, 'keys_0').subarray(slot * BLOCK, (slot + 1) * BLOCK);
        return [Array.from(keys, String)];
      }
      if (slot === p + c) return [];
      const tail = slot - p;
      expect(ints('tail_lane')[tail]).toBe(lane);
      expectQuery('tail_queries', tail);
      const start = (tail * r + (place % r)) * m;
      const bias = floatsOf(feeds, 'bias').subarray(start, start + m);
      return [
        [...bias.keys()]
          .filter((column) => bias[column] === 0)
          .map((column) => {
            if (column < o) return String(floatsOf(feeds, 'open_keys_0')[tail * o + column]);
            if (column < m - w) return `pending ${column - o}`;
            const at = tail * w + column - (m - w);
            const value = ints('tail_values')[at] as number;
            expect(ints('tail_keys')[at], 'key and value of a row').toBe(2 * value + 1);
            return `row ${value}`;
          }),
      ];
    },
  );
}

/** The same by definition: committed columns, pending rows, then the path to the row, cut where blocks begin. */
function expected(texts: readonly Text[], lane: number, row: number): string[][] {
  const { length, parents, pending } = texts[lane] as Text;
  const first = texts.slice(0, lane).reduce((sum, text) => sum + text.parents.length, 0);
  const path: string[] = [];
  for (let at = row; at >= 0; at = parents[at] as number) path.unshift(`row ${first + at}`);
  const columns = [
    ...Array.from({ length }, (_, position) => String(1000 * lane + position)),
    ...path,
  ];
  const blocks: string[][] = [];
  for (let from = 0; from < columns.length; from += BLOCK) {
    blocks.push(columns.slice(from, from + BLOCK));
  }
  const seen = (pending?.[row] ?? []).map((place) => `pending ${place}`);
  if (seen.length > 0) {
    const last = blocks[Math.floor(length / BLOCK)] as string[];
    last.splice(length % BLOCK, 0, ...seen);
  }
  return blocks;
}

function expectSeen(texts: readonly Text[], feeds: Feeds): void {
  const shown = floatsOf(feeds, 'bias').every((bias) => bias === 0 || bias === -Infinity);
  expect(shown, 'a column is seen or not').toBe(true);
  let first = 0;
  for (const [lane, { parents }] of texts.entries()) {
    for (const row of parents.keys()) {
      const name = `row ${row} of text ${lane}`;
      // Blocks of a text that begin beyond the row hold nothing of it.
      const parts = seenBy(feeds, first + row, 'sum_slots');
      expect(
        parts.filter((part) => part.length > 0),
        name,
      ).toEqual(expected(texts, lane, row));
      const most = new Set(seenBy(feeds, first + row, 'max_slots').flat());
      expect(most, `largest score of ${name}`).toEqual(new Set(parts.flat()));
    }
    first += parents.length;
  }
}

const lengths = fc.oneof(
  fc.nat(5),
  fc.integer({ min: BLOCK - 8, max: BLOCK + 2 }),
  fc.nat(3 * BLOCK),
);
const trees = fc
  .array(fc.tuple(fc.nat(3), fc.nat()), { minLength: 1, maxLength: 14 })
  .map((draws) => draws.map(([kind, at], row) => (kind > 0 ? row - 1 : (at % (row + 1)) - 1)));
const strangers = fc.array(fc.integer({ min: -1, max: 2 * BLOCK }), { maxLength: 4 });

describe('laneFeeds', () => {
  it('shows each row of a tree its own text, in order and by blocks, and nothing else', () => {
    const texts = fc.array(fc.record({ length: lengths, parents: trees }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(texts, strangers, (several, others) => {
        expectSeen(several, feedsOf(several, others));
      }),
      { numRuns },
    );
  });

  it('shows each row of a chunk its own text, in order and by blocks, and nothing else', () => {
    const texts = fc.array(
      fc.record({
        length: fc.nat(2).map((blocks) => BLOCK * blocks),
        parents: fc
          .integer({ min: BLOCK + 1, max: 2 * BLOCK + 9 })
          .map((n) => [...consecutive(n, -1)]),
      }),
      { minLength: 1, maxLength: 2 },
    );
    fc.assert(
      fc.property(texts, strangers, (several, others) => {
        expectSeen(several, feedsOf(several, others));
      }),
      { numRuns: Math.ceil(numRuns / 10) },
    );
  });

  it('shows rows of earlier passes to those that see them', () => {
    const texts = fc.array(
      fc
        .record({ length: lengths, sees: fc.array(fc.uniqueArray(fc.nat(9)), { minLength: 1 }) })
        .map(({ length, sees }) => ({
          length,
          parents: sees.map(() => -1),
          pending: sees.map((places) => places.sort((a, b) => a - b)),
        })),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(texts, strangers, (several, others) => {
        expectSeen(several, feedsOf(several, others, BLOCK));
      }),
      { numRuns },
    );
  });

  it('gives one token one tail, and a pass of one row a second', () => {
    const feeds = feedsOf([{ length: 0, parents: [-1] }]);
    expect([...intsOf(feeds, 'tail_queries')]).toEqual([0, 0]);
    expect(feeds.tail_queries?.shape).toEqual([1, 1, 2]);
    expect([...intsOf(feeds, 'mixed_rows')]).toEqual([0, 0]);
    expect([...intsOf(feeds, 'tail_values')]).toEqual([0]);
    expect([...intsOf(feeds, 'block_lane')], 'one block, nobody’s').toEqual([0]);
    expect([...intsOf(feeds, 'sum_slots')]).toEqual([0]);
    expect(feeds.bias?.shape).toEqual([1, 1, 2, BLOCK + 1]);
    const bias = floatsOf(feeds, 'bias');
    expect([...bias.subarray(0, BLOCK + 1)]).toEqual([...Array(BLOCK).fill(-Infinity), 0]);
  });

  it('gives a tree that crosses into the next block a second tail, and one that only reaches it none', () => {
    const tails = (length: number) => feedsOf([{ length, parents: [-1, 0, 0] }]).tail_lane?.shape;
    expect(tails(BLOCK - 2)).toEqual([1]);
    expect(tails(BLOCK - 1)).toEqual([2]);
    expect(tails(BLOCK)).toEqual([1]);
  });

  it('adds blocks in order of position, whatever their order in the cache', () => {
    const long = { length: 2 * BLOCK + 1, parents: [-1] };
    const feeds = feedsOf([long, { length: 1, parents: [-1] }, long]);
    expect(feeds.sum_slots?.shape).toEqual([3, 3]);
    // Of 4 blocks and 3 tails, slot 7 is none: the short text has its tail alone.
    expect([...intsOf(feeds, 'sum_slots')]).toEqual([0, 5, 2, 1, 7, 3, 4, 7, 6]);
    expect([...intsOf(feeds, 'max_slots')]).toEqual([0, 5, 2, 1, 5, 3, 4, 5, 6]);
  });
});

describe('isChunk', () => {
  const chunk = (length: number, rows: number) => ({ length, parents: consecutive(rows, -1) });

  it('is more than a block of consecutive text from a block’s border on', () => {
    expect(isChunk(chunk(BLOCK, BLOCK + 1))).toBe(true);
    expect(isChunk(chunk(BLOCK, BLOCK))).toBe(false);
    expect(isChunk(chunk(BLOCK - 1, BLOCK + 1))).toBe(false);
    const { parents } = chunk(0, BLOCK + 1);
    expect(isChunk({ length: 0, parents: parents.with(9, 3) })).toBe(false);
  });
});
