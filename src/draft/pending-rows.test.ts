import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { floatsOf } from '../contracts/session.ts';
import { BLOCK } from '../graph/blocks/block-attention.ts';
import { consecutive } from '../model/consecutive.ts';
import {
  type Lane,
  type LaneAttention,
  openLaneAttention,
} from '../model/testing/attention-lanes.ts';
import { addPending, NO_PENDING, pendingColumns, pendingFeeds } from './pending-rows.ts';

const numRuns = Math.ceil(Number(process.env.MSD_FUZZ ?? 300) / 15);

/** Rows of a pass over one layer, two heads of width 3: 100 · row + line. */
function passOf(count: number, first: number) {
  const fill = (sign: number) =>
    Float32Array.from({ length: count * 6 }, (_, i) => {
      return sign * (100 * (first + Math.floor(i / 6)) + (i % 6));
    });
  return { keys: fill(1), values: fill(-1), count };
}

describe('rows of a growing tree', () => {
  it('stand behind each other in the tails of their own lanes', () => {
    const one = addPending(NO_PENDING, passOf(4, 0), 1, 2); // rows 1 and 2
    const two = addPending(one, passOf(3, 10), 0, 1); // and row 10
    expect([one.count, two.count]).toEqual([2, 3]);
    const feeds = pendingFeeds([two, NO_PENDING, one], 4, [2, 0, 1], 3, { kvHeads: 2, headDim: 3 });
    expect(feeds.pending_keys_0?.shape).toEqual([3, 2, 3, 4]);
    expect(feeds.pending_values_0?.shape).toEqual([3, 2, 4, 3]);
    const expected = [[], [1, 2], [1, 2, 10]]; // by tail
    const [keys, values] = [floatsOf(feeds, 'pending_keys_0'), floatsOf(feeds, 'pending_values_0')];
    for (const [tail, rows] of expected.entries()) {
      for (let line = 0; line < 6; line++) {
        const [head, i] = [Math.floor(line / 3), line % 3];
        for (let place = 0; place < 4; place++) {
          const row = rows[place];
          const key = row === undefined ? 0 : 100 * row + line;
          expect(keys[(tail * 6 + line) * 4 + place]).toBe(key);
          expect(values[((tail * 2 + head) * 4 + place) * 3 + i]).toBe(key === 0 ? 0 : -key);
        }
      }
    }
  });

  it('get columns for the longest lane, and none where no lane has rows', () => {
    expect(pendingColumns([NO_PENDING, NO_PENDING])).toBe(0);
    const rows = addPending(NO_PENDING, passOf(70, 0), 0, 70);
    expect(pendingColumns([NO_PENDING, rows])).toBe(2 * BLOCK);
  });
});

/** A level of a growing tree: rows behind rows of earlier levels. */
const levels = fc.record({
  seed: fc.nat(1e6),
  length: fc.nat(150),
  earlier: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 250, max: 320 })),
  rows: fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), {
    minLength: 1,
    maxLength: 12,
  }),
});
type Level = typeof levels extends fc.Arbitrary<infer T> ? T : never;

describe.each([
  { heads: 2, kvHeads: 2, headDim: 8, threads: 1 },
  { heads: 4, kvHeads: 2, headDim: 32, threads: 2 },
])('attention to them: $heads heads over $kvHeads, $threads threads', ({ threads, ...shape }) => {
  let attention: LaneAttention;
  beforeAll(async () => {
    attention = await openLaneAttention(shape, threads, true);
  });
  afterAll(() => attention.dispose());

  /** Some levels in one pass. */
  async function mix(all: readonly Level[]): Promise<Float32Array[]> {
    const cache = attention.newCache();
    const lanes = all.map(({ seed, length, earlier, rows }): Lane => {
      const text = cache.open();
      text.append(attention.numbers(length, 3 * seed), consecutive(length));
      const sees = rows.map((places) =>
        [...new Set(places.map((place) => place % earlier))].sort((a, b) => a - b),
      );
      return {
        text,
        rows: attention.numbers(rows.length, 3 * seed + 1),
        parents: new Int32Array(rows.length).fill(-1),
        pending: { rows: attention.numbers(earlier, 3 * seed + 2), sees },
      };
    });
    return attention.mix(cache, lanes);
  }

  it('gives a level the bits that it has alone, beside others whose earlier rows take as many columns', () =>
    fc.assert(
      fc.asyncProperty(fc.array(levels, { minLength: 2, maxLength: 5 }), async (drawn) => {
        const columns = ({ earlier }: Level) => Math.ceil(earlier / BLOCK);
        const all = drawn.filter((one) => columns(one) === columns(drawn[0] as Level));
        const together = await mix(all);
        for (const [at, level] of all.entries()) {
          expect(together[at], `lane ${at}`).toEqual((await mix([level]))[0]);
        }
      }),
      { numRuns },
    ));
});
