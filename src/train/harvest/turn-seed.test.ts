import fc from 'fast-check';
import { expect, it } from 'vitest';
import { turnSeed } from './turn-seed.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const whole = fc.nat(2 ** 31 - 1);

it('gives what msd run takes for a seed', () => {
  fc.assert(
    fc.property(whole, whole, fc.nat(50), (seed, dialogue, turn) => {
      const given = turnSeed(seed, dialogue, turn);
      expect(Number.isSafeInteger(given) && given >= 0).toBe(true);
      expect(turnSeed(seed, dialogue, turn)).toBe(given);
    }),
    { numRuns },
  );
});

it('gives every turn of every dialogue and run another seed', () => {
  const seeds = [0, 1, 2, 3].flatMap((seed) =>
    Array.from({ length: 2000 }, (_, i) => turnSeed(seed, Math.floor(i / 10), i % 10)),
  );
  expect(new Set(seeds).size).toBe(seeds.length);
});
