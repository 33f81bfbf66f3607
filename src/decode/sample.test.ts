import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NonFiniteFeatureError } from '../contracts/errors.ts';
import type { Sampling } from '../contracts/generate.ts';
import { createPicker, pickToken } from './sample.ts';
import { chiSquareP } from './testing/chi-square.ts';
import { referenceLaw } from './testing/reference-law.ts';
import { uniform } from './uniform.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const GREEDY: Sampling = { temperature: 0, topK: 0, topP: 1, minP: 0, seed: 0 };
const logits = Float32Array.from({ length: 40 }, (_, id) => 6 * uniform(99, id));

describe('pickToken', () => {
  it('is the first of the likeliest tokens at temperature 0', () => {
    expect(pickToken(Float32Array.of(0, 5, 5, 1), GREEDY, 3)).toBe(1);
  });

  it('is the inverse CDF in id order at u(seed, position)', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.nat(),
        fc.double({ min: 0.1, max: 2, noNaN: true }),
        (seed, position, temperature) => {
          const sampling = { ...GREEDY, temperature, topP: 0.9, seed };
          const token = pickToken(logits, sampling, position);
          const law = referenceLaw([...logits], sampling);
          const below = law.slice(0, token).reduce((a, b) => a + b, 0);
          const u = uniform(seed, position);
          expect(law[token]).toBeGreaterThan(0);
          expect(u).toBeGreaterThan(below - 1e-12);
          expect(u).toBeLessThan(below + (law[token] as number) + 1e-12);
        },
      ),
      { numRuns },
    );
  });

  it('draws by the law', () => {
    const sampling = { ...GREEDY, temperature: 0.8, topK: 12, minP: 0.02 };
    const counts = new Array<number>(40).fill(0);
    for (let seed = 0; seed < 50_000; seed += 1) {
      const token = pickToken(logits, { ...sampling, seed }, 5);
      counts[token] = (counts[token] ?? 0) + 1;
    }
    expect(chiSquareP(counts, referenceLaw([...logits], sampling))).toBeGreaterThan(1e-3);
  });

  it.each([0, 0.7])('refuses logits that are not numbers at temperature %d', (temperature) => {
    const broken = Float32Array.of(1, NaN, 2);
    expect(() => pickToken(broken, { ...GREEDY, temperature }, 0)).toThrow(NonFiniteFeatureError);
  });
});

describe('createPicker', () => {
  const forward = {
    best: Int32Array.of(5, 6),
    rows: { count: 2 },
  };

  it('needs only the best tokens when greedy', () => {
    const { want, pick } = createPicker(GREEDY);
    expect([want, pick(forward, 1, 0, [])]).toEqual(['best', 6]);
  });

  it("draws from the wanted row's logits when sampling", () => {
    const sampling = { ...GREEDY, temperature: 1, seed: 4 };
    const { want, pick } = createPicker(sampling);
    const both = {
      data: Float32Array.of(...logits.map((x) => -x), ...logits),
      count: 2,
      width: 40,
    };
    expect(want).toBe('logits');
    expect(pick({ ...forward, logits: both }, 1, 9, [])).toBe(pickToken(logits, sampling, 9));
  });

  it('says so when a pass came without logits', () => {
    expect(() => createPicker({ ...GREEDY, temperature: 1 }).pick(forward, 0, 0, [])).toThrow(
      TypeError,
    );
  });
});
