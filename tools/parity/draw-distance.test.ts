import { describe, expect, it } from 'vitest';
import type { Sampling } from '../../src/contracts/generate.ts';
import { boundaryDistance, pickToken } from '../../src/decode/sample.ts';
import { uniform } from '../../src/decode/uniform.ts';
import { drawDistance } from './draw-distance.ts';

const ALL: Sampling = { temperature: 1, topK: 0, topP: 1, minP: 0, seed: 0 };
/** Cuts, and the logit of token 0 that they fall at where token 1 has 0: it is drawn above, and never below. */
const CUTS: [string, Sampling, number][] = [
  ['min-p', { ...ALL, minP: 1 / 3 }, Math.log(1 / 3)],
  ['top-p', { ...ALL, topP: 0.75 }, Math.log(1 / 3)],
  ['top-k', { ...ALL, topK: 1 }, 0],
];
/** A draw within token 0, away from its ends. */
const POSITION = [...Array(100).keys()].find((position) => {
  const u = uniform(ALL.seed, position);
  return u > 0.05 && u < 0.2;
}) as number;

describe.each(CUTS)('a draw beside the cut of %s', (_, sampling, cut) => {
  const [above, below] = [5e-6, -5e-6].map((by) => Float32Array.of(cut + by, 0)) as [
    Float32Array,
    Float32Array,
  ];

  it('is near what it gives on the other side', () => {
    expect([above, below].map((logits) => pickToken(logits, sampling, POSITION))).toEqual([0, 1]);
    expect(drawDistance(above, sampling, POSITION, 1)).toBeLessThan(1e-4);
    expect(drawDistance(below, sampling, POSITION, 0)).toBeLessThan(1e-4);
  });

  it('is far from it where the cut is farther away', () => {
    const far = Float32Array.of(cut + 0.01, 0);
    expect(drawDistance(far, sampling, POSITION, 1)).toBeGreaterThan(1e-4);
  });

  it('is far from a token that is on neither side', () => {
    const three = Float32Array.of(cut + 5e-6, 0, -30);
    expect(drawDistance(three, sampling, POSITION, 2)).toBeGreaterThan(1e-4);
  });
});

it('is as far as the nearest boundary where nothing is cut', () => {
  const logits = Float32Array.of(-1, 0, -0.5);
  const distance = boundaryDistance(logits, ALL, POSITION);
  expect(drawDistance(logits, ALL, POSITION, 2)).toBe(distance);
});
