import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPrices, learnPass, type PassSize, type Prices } from '../../decode/prices.ts';
import type { Company } from './company.ts';
import { LEAST_PIECE, learnDear, pieceBeside } from './piece-rows.ts';

/** As a pass of SmolLM2-135M in w8a8 takes. */
const COSTS = {
  target: [
    { rows: 1, ms: 16 },
    { rows: 8, ms: 21 },
    { rows: 16, ms: 31 },
    { rows: 32, ms: 46 },
    { rows: 59, ms: 75 },
  ],
};
const writing = (lanes: number, rows = lanes, reading = 0): Company => ({
  decoding: { rows, lanes },
  reading,
});
/** After passes that take so long. */
const taught = (ms: (size: PassSize) => number, sizes: readonly PassSize[]): Prices =>
  Array.from({ length: 40 }, () => sizes)
    .flat()
    .reduce((prices, size) => learnPass(prices, size, ms(size)), createPrices(COSTS));

describe('a piece of a prompt beside answers that decode', () => {
  it('costs at most 1.5 of their pass, and hardly less than it may', () => {
    const prices = taught(() => 48, [{ rows: 16, lanes: 16 }]);
    const rows = pieceBeside(writing(16), prices, 1);
    const costs = COSTS.target.find((cost) => cost.rows >= rows)?.ms ?? Infinity;
    expect(costs).toBeLessThanOrEqual(1.5 * 48);
    expect(rows).toBeGreaterThanOrEqual(32);
  });

  it('is the larger, the more rows those bring', () => {
    const prices = createPrices(COSTS);
    const sizes = [1, 2, 4].map((each) => pieceBeside(writing(16, 16 * each), prices, 1));
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(sizes[2]).toBeGreaterThan(sizes[0] ?? 0);
  });

  it('is the same on a machine that has become slow', () => {
    const usual = taught(() => 48, [{ rows: 16, lanes: 16 }]);
    const slow = { ...usual, pace: 6 * usual.pace };
    expect(pieceBeside(writing(16), slow, 1)).toBe(pieceBeside(writing(16), usual, 1));
  });

  it('is smaller where pieces are seen to be dear, and where others read too', () => {
    const prices = createPrices(COSTS);
    const usual = pieceBeside(writing(16, 40), prices, 1);
    expect(pieceBeside(writing(16, 40), prices, 1.7)).toBeLessThan(usual);
    expect(pieceBeside(writing(16, 40, 1), prices, 1)).toBeLessThan(usual);
  });

  it('has some rows, whatever passes cost, and never more than a pass holds', () => {
    const ms = fc.integer({ min: 1, max: 10_000 });
    const company = fc.tuple(
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 1, max: 20 }),
      fc.nat(5),
    );
    fc.assert(
      fc.property(
        ms,
        ms,
        company,
        fc.double({ min: 0.1, max: 20, noNaN: true }),
        (a, b, [lanes, each, reading], dear) => {
          const target = [
            { rows: 1, ms: Math.min(a, b) },
            { rows: 8, ms: Math.max(a, b) },
          ];
          const asked = writing(lanes, lanes * each, reading);
          const rows = pieceBeside(asked, createPrices({ target }), dear);
          expect(rows).toBeGreaterThanOrEqual(LEAST_PIECE);
          expect(rows).toBeLessThanOrEqual(512);
          expect(rows <= 64 || rows % 64 === 0).toBe(true);
        },
      ),
    );
  });
});

describe('how dear pieces are', () => {
  it('becomes what is seen again and again', () => {
    const dear = Array.from({ length: 30 }, () => 3).reduce(learnDear, 1);
    expect(dear).toBeCloseTo(3, 2);
  });

  it('is hardly moved by one pass that was held up', () => {
    expect(learnDear(1, 50)).toBeLessThan(1.2);
  });
});
