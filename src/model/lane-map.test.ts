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

const SHAPE = { layers: 1, kvHeads: 2, headDim: 1 };
const { kvHeads } = SHAPE;
const HEADS = 4;
const GROUP = HEADS / kvHeads;

/** A cache whose keys say whose column they are: 1000 · text + position, for every head. */
function filledCache(texts: readonly Text[], strangers: readonly number[]) {
  const cache = createBlockCache(SHAPE);
  const fill = (length: number, name: number): CachedText => {
    const text = cache.open();
    const keys = Float32Array.from(
      { length: kvHeads * length },
      (_, i) => 1000 * name + Math.floor(i / kvHeads),
    );
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
  return laneFeeds(lanes, cache.read(opened), SHAPE, HEADS, Math.max(2, rows), columns);
}

/** Where a head's query of a row is computed: its lane, and its place among the lane's rows. */
function placeOf(feeds: Feeds, row: number, head: number) {
  const r = feeds.bias?.shape[2] as number;
  const place = intsOf(feeds, 'mixed_rows')[row * HEADS + head] as number;
  expect(Math.floor(place / r) % HEADS, 'head').toBe(head);
  return { lane: Math.floor(place / (HEADS * r)), place: place % r };
}

/**
 * The columns of each part that a row's head adds, one list a part: cached ones by name, new ones as `row 3`,
 * `pending 0`.
 */
function seenBy(
  feeds: Feeds,
  row: number,
  head: number,
  slots: 'sum_slots' | 'max_slots',
): string[][] {
  const ints = (name: string) => intsOf(feeds, name);
  const shape = (name: string) => feeds[name]?.shape as readonly number[];
  const [s, b] = shape(slots) as [number, number];
  const p = shape('block_lane')[0] as number;
  const [c, , r, m] = shape('bias') as [number, number, number, number];
  const [o, w] = [shape('open_keys_0')[3] as number, shape('tail_keys')[2] as number];
  const { lane, place } = placeOf(feeds, row, head);
  const h = Math.floor(head / GROUP);
  const expectQuery = (name: string, at: number) => {
    const query = ints(name)[(at * HEADS + head) * r + place];
    expect(query, `${name} of part ${at}`).toBe(row * (HEADS + kvHeads) + head);
  };
  return Array.from({ length: s }, (_, i) => ints(slots)[i * b + lane] as number).flatMap(
    (slot): string[][] => {
      if (slot < p) {
        expect(ints('block_lane')[slot]).toBe(lane);
        expectQuery('block_queries', slot);
        const start = (slot * kvHeads + h) * BLOCK;
        return [Array.from(floatsOf(feeds, 'keys_0').subarray(start, start + BLOCK), String)];
      }
      if (slot === p + c) return [];
      const tail = slot - p;
      expect(ints('tail_lane')[tail]).toBe(lane);
      expectQuery('tail_queries', tail);
      const start = (tail * r + place) * m;
      const bias = floatsOf(feeds, 'bias').subarray(start, start + m);
      const nameOf = (column: number) => {
        if (column < o) {
          return String(floatsOf(feeds, 'open_keys_0')[(tail * kvHeads + h) * o + column]);
        }
        if (column < m - w) return `pending ${column - o}`;
        const at = (tail * kvHeads + h) * w + column - (m - w);
        const of = Math.floor((ints('tail_keys')[at] as number) / (HEADS + kvHeads));
        const [key, value] = [of * (HEADS + kvHeads) + HEADS + h, of * kvHeads + h];
        const fits = ints('tail_keys')[at] === key && ints('tail_values')[at] === value;
        return fits ? `row ${of}` : 'of another head or row';
      };
      return [[...bias.keys()].filter((column) => bias[column] === 0).map(nameOf)];
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
      const [name, head] = [`row ${row} of text ${lane}`, row % HEADS];
      expect(placeOf(feeds, first + row, head).lane, name).toBe(lane);
      // Blocks of a text that begin beyond the row hold nothing of it.
      const parts = seenBy(feeds, first + row, head, 'sum_slots');
      expect(
        parts.filter((part) => part.length > 0),
        name,
      ).toEqual(expected(texts, lane, row));
      const most = new Set(seenBy(feeds, first + row, head, 'max_slots').flat());
      expect(most, `largest score of ${name}`).toEqual(new Set(parts.flat()));
    }
    expectOwnRows(feeds, lane, first, first + parents.length);
    first += parents.length;
  }
}

/** What fills a lane's tails and queries up is its own too: NaN of another text would come through a weight of zero. */
function expectOwnRows(feeds: Feeds, lane: number, from: number, to: number): void {
  const slots = new Set(intsOf(feeds, 'sum_slots'));
  const p = feeds.block_lane?.shape[0] as number;
  for (const [tail, of] of intsOf(feeds, 'tail_lane').entries()) {
    if (of !== lane || !slots.has(p + tail)) continue;
    for (const [name, heads] of Object.entries({
      tail_queries: HEADS + kvHeads,
      tail_keys: HEADS + kvHeads,
      tail_values: kvHeads,
    })) {
      const all = intsOf(feeds, name);
      const size = all.length / (feeds[name]?.shape[0] as number);
      const rows = all
        .subarray(tail * size, (tail + 1) * size)
        .map((place) => Math.floor(place / heads));
      expect(Math.min(...rows), name).toBeGreaterThanOrEqual(from);
      expect(Math.max(...rows), name).toBeLessThan(to);
    }
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

  it('gives one token one tail, and each of two heads that share keys one row', () => {
    const feeds = feedsOf([{ length: 0, parents: [-1] }]);
    expect(feeds.tail_queries?.shape).toEqual([1, kvHeads, GROUP]);
    expect([...intsOf(feeds, 'tail_queries')]).toEqual([0, 1, 2, 3]);
    expect([...intsOf(feeds, 'tail_keys')]).toEqual([4, 5]);
    expect([...intsOf(feeds, 'tail_values')]).toEqual([0, 1]);
    expect([...intsOf(feeds, 'block_lane')], "a block that is nobody's").toEqual([0]);
    expect([...intsOf(feeds, 'sum_slots')], 'the tail alone').toEqual([1]);
    expect([...intsOf(feeds, 'mixed_rows')], 'a second row pads the pass').toEqual([
      0, 1, 2, 3, 0, 0, 0, 0,
    ]);
    expect(feeds.bias?.shape).toEqual([1, 1, 1, BLOCK + 1]);
    expect([...floatsOf(feeds, 'bias')]).toEqual([...Array(BLOCK).fill(-Infinity), 0]);
  });

  it('gives a token whose heads have their own keys two rows, as a product of one adds otherwise', () => {
    const { cache, opened } = filledCache([{ length: 0, parents: [-1] }], []);
    const lane = { length: 0, parents: Int32Array.of(-1) };
    const feeds = laneFeeds([lane], cache.read(opened), SHAPE, kvHeads, 2);
    expect(feeds.tail_queries?.shape).toEqual([1, kvHeads, 2]);
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
