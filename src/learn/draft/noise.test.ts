import { describe, expect, it } from 'vitest';
import { withNoise } from './noise.ts';

const features = new Float32Array(100_000).fill(1);
const noiseOf = (settings: { amplitude: number; length: number }, n: number, place = 0) =>
  withNoise(features, n, settings, 7, place).map((x) => x - 1);

describe('noise on features', () => {
  it('is uniform around 0 with the width asked for', () => {
    const noise = noiseOf({ amplitude: 0.2, length: 0 }, 50);
    const mean = noise.reduce((sum, x) => sum + x, 0) / noise.length;
    const variance = noise.reduce((sum, x) => sum + x * x, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan(1e-3);
    expect(variance).toBeCloseTo(0.2 ** 2 / 12, 4);
    expect(noise.every((x) => Math.abs(x) <= 0.1 + 1e-6)).toBe(true);
  });

  it('is wider for shorter dialogues, as published: 512 / n', () => {
    const width = (n: number) =>
      Math.max(...noiseOf({ amplitude: 0.2, length: 512 }, n).slice(0, 9999));
    expect(width(128) / width(512)).toBeCloseTo(4, 3);
  });

  it('is the same for a place of a run and another for the next', () => {
    const at = (place: number) => noiseOf({ amplitude: 0.2, length: 0 }, 50, place).slice(0, 100);
    expect(at(3)).toEqual(at(3));
    expect(at(3)).not.toEqual(at(4));
  });

  it('of no width leaves the features as they are', () => {
    expect(withNoise(features, 50, { amplitude: 0, length: 512 }, 7, 0)).toBe(features);
  });
});
