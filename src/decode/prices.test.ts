import { describe, expect, it } from 'vitest';
import { passMs } from './costs.ts';
import {
  createPrices,
  lastSeen,
  learnPass,
  learntCosts,
  leastPrice,
  type PassSize,
  type Prices,
  passPrice,
  timesSeen,
} from './prices.ts';

const COSTS = { target: [1, 8, 16].map((rows) => ({ rows, ms: 10 + rows })) };
const alone = (rows: number): PassSize => ({ rows, lanes: 1 });

/** The prices after passes that took so long. */
const learnt = (
  passes: readonly (readonly [PassSize, number])[],
  from = createPrices(COSTS),
): Prices => passes.reduce((prices, [size, ms]) => learnPass(prices, size, ms), from);
const often = <T>(one: T, times: number): T[] => Array.from({ length: times }, () => one);

describe('passPrice', () => {
  it('is what was timed, of the next wider pass where nothing was', () => {
    const prices = createPrices(COSTS);
    expect([1, 2, 8, 9, 32].map((rows) => passPrice(prices, alone(rows)))).toEqual([
      11, 18, 18, 26, 52,
    ]);
    expect([1, 7, 8, 12].map((rows) => leastPrice(prices, rows))).toEqual([11, 11, 18, 18]);
  });

  it('takes a width that is seen by what it took, within its neighbours', () => {
    const prices = learnt([[alone(4), 12]]);
    expect(passPrice(prices, alone(4))).toBeCloseTo(12, 0);
    expect(passPrice(prices, alone(2))).toBe(passPrice(prices, alone(4)));
    expect([timesSeen(prices, 4), timesSeen(prices, 5)]).toEqual([1, 0]);
    const late = learnt([[alone(4), 500]]);
    expect(passPrice(late, alone(4)) / passPrice(late, alone(8))).toBeCloseTo(1);
  });

  it('slows down and speeds up with the machine, all widths alike', () => {
    const slow = learnt(often([alone(8), 36], 60));
    expect(passPrice(slow, alone(8))).toBeCloseTo(36, 0);
    expect(passPrice(slow, alone(1)) / passPrice(slow, alone(8))).toBeGreaterThan(0.4);
    const again = learnt(often([alone(8), 18], 60), slow);
    expect(passPrice(again, alone(1))).toBeGreaterThan(9);
    expect(passPrice(again, alone(1))).toBeLessThan(13);
  });

  it('learns a width that changes beside others, also if it was not seen for long', () => {
    const turns = Array.from({ length: 1200 }, (_, i): [PassSize, number] =>
      i % 60 === 0 ? [alone(1), 4] : [alone(8), 18],
    );
    expect(passPrice(learnt(turns), alone(1))).toBeLessThan(5);
    expect(passPrice(learnt(turns), alone(8))).toBeGreaterThan(16);
  });

  it('forgets a width that was timed at load and takes longer than a wider one that ran', () => {
    const busy = createPrices({ target: [1, 4, 8].map((rows) => ({ rows, ms: 10 * rows })) });
    const turns = Array.from({ length: 80 }, (_, i): [PassSize, number] =>
      i % 2 === 0 ? [alone(1), 10] : [alone(8), 15],
    );
    const after = learnt(turns, busy);
    expect(passPrice(after, alone(4))).toBe(passPrice(after, alone(8)));
    expect(timesSeen(after, 4), 'so that it is tried').toBe(0);
    const ran = learnt([[alone(4), 40], ...turns], busy);
    expect(timesSeen(ran, 4)).toBeGreaterThan(0);
  });

  it('counts a pass in which the machine slept as one that took twice as long', () => {
    expect(passPrice(learnt([[alone(1), 3.6e6]]), alone(1))).toBeLessThan(22);
  });

  it('prices shared passes apart, and once for all texts in them', () => {
    const sixteen = { rows: 16, lanes: 16 };
    const prices = learnt(
      often([sixteen, 40] as const, 16 * 40).map(([size, ms]) => [size, ms] as const),
    );
    expect(passPrice(prices, sixteen)).toBeCloseTo(40, 0);
    expect(passPrice(prices, alone(16))).toBeLessThan(passPrice(prices, sixteen));
    expect(passPrice(prices, { rows: 16, lanes: 17 })).toBe(passPrice(prices, sixteen));
  });
});

it('tells how long ago a width was seen, and how it surprised', () => {
  const prices = learnt([[alone(1), 22], ...often([alone(8), 18] as const, 5)]);
  expect(lastSeen(prices, alone(1))).toEqual({ passes: 5, surprise: 2 });
  expect(lastSeen(prices, { rows: 4, lanes: 4 }).passes).toBe(Number.POSITIVE_INFINITY);
});

describe('learntCosts', () => {
  const costs = { ...COSTS, draftLevel: 1, host: 0.5 };

  it('is nothing while nothing is new, and has the widths that passes taught', () => {
    expect(learntCosts(learnt(often([alone(8), 18] as const, 50)), costs)).toBeNull();
    expect(learntCosts(learnt([[alone(4), 12]]), costs)).toBeNull();
    const kept = learntCosts(learnt(often([alone(4), 12] as const, 5)), costs);
    expect(kept).toMatchObject({ draftLevel: 1, host: 0.5 });
    expect(kept?.target.map(({ rows }) => rows)).toEqual([1, 4, 8, 16]);
    expect(passMs(kept ?? costs, 4)).toBeCloseTo(12, 0);
    expect(kept && learntCosts(learnt(often([alone(4), 12] as const, 5)), kept)).toBeNull();
  });

  it('has no width that costs less than a narrower one, and none of shared passes', () => {
    const turns = Array.from({ length: 400 }, (_, i): [PassSize, number] =>
      i % 2 === 0
        ? [{ rows: 12, lanes: 3 }, 5]
        : [alone(i % 4 === 1 ? 4 : 8), i % 4 === 1 ? 30 : 15],
    );
    const kept = learntCosts(learnt(turns), costs)?.target ?? [];
    expect(kept.map(({ rows }) => rows)).toEqual([1, 4, 8, 16]);
    for (const [i, { ms }] of kept.entries())
      expect(ms).toBeGreaterThanOrEqual(kept[i - 1]?.ms ?? 0);
  });
});
