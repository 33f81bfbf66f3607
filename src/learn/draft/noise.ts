import { uniform } from '../../decode/uniform.ts';

export interface NoiseSettings {
  /** Width of the uniform noise; published: 0.2. */
  readonly amplitude: number;
  /** Length at which the noise has that width; others' is scaled by length / n. 0: the same for all. Published: 512. */
  readonly length: number;
}

/**
 * Features with uniform noise around 0 (Lyn-Lucy/MSD, `AddUniformNoise`): a function of the settings, the length and
 * (seed, place), so that a resumed run reads the same.
 *
 * @param place of the dialogue in the run: step · batch + place in the batch
 */
export function withNoise(
  features: Float32Array, // [n, H]
  n: number,
  { amplitude, length }: NoiseSettings,
  seed: number,
  place: number,
): Float32Array {
  if (amplitude === 0) return features;
  const width = length === 0 ? amplitude : (amplitude * length) / n;
  const next = createStream(Math.floor(uniform(seed, place) * 2 ** 32));
  return features.map((feature) => feature + (next() - 0.5) * width);
}

/** A fast stream of numbers in [0, 1): mulberry32 (Ettinger, 2017), good enough for noise. */
function createStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) * 2 ** -32;
  };
}
