import { describe, expect, it } from 'vitest';
import { type Flaw, fitOfRejection, fitOfRounds } from './testing/law-fit.ts';

/** Seeds fixed beforehand; the parity table runs every law at all of them. */
const DRAWS = 100_000;
const BASES = [1_000_000, 2_000_000, 3_000_000];

describe('speculative rounds draw by the exact law', () => {
  it.each(BASES)('at temperature 0.5 and top-p 0.9, seeds from %d', async (base) => {
    const warpers = { temperature: 0.5, topK: 0, topP: 0.9, minP: 0 };
    const { p, acceptedPerDraw } = await fitOfRounds(warpers, base, DRAWS);
    expect(p).toBeGreaterThan(1e-3);
    expect(acceptedPerDraw).toBeGreaterThan(1);
  });

  it.each([
    ['temperature 1', { temperature: 1, topK: 0, topP: 1, minP: 0 }],
    ['temperature 1.5, top-k 4 and min-p 0.1', { temperature: 1.5, topK: 4, topP: 1, minP: 0.1 }],
  ])('at %s', async (_, warpers) => {
    const { p } = await fitOfRounds(warpers, 1_000_000, DRAWS);
    expect(p).toBeGreaterThan(1e-3);
  });
});

describe('the test of the law', () => {
  // No token is impossible here: what is caught is caught by the counts.
  const warpers = { temperature: 0.5, topK: 0, topP: 1, minP: 0 };

  it('passes the rejection form done right', async () => {
    expect(await fitOfRejection('none', warpers, 1_000_000, DRAWS)).toBeGreaterThan(1e-3);
  });

  it.each<Flaw>(['bonus from raw logits', 'residual not normalised'])(
    'catches a %s',
    async (flaw) => {
      expect(await fitOfRejection(flaw, warpers, 1_000_000, DRAWS)).toBeLessThan(1e-6);
    },
  );
});
