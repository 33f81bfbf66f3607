import fc from 'fast-check';
import { vi } from 'vitest';

const float = fc.float({ min: -8, max: 8, noNaN: true });

/** So many floats from -8 to 8. */
export const floats = (count: number): fc.Arbitrary<Float32Array<ArrayBuffer>> =>
  fc.array(float, { minLength: count, maxLength: count }).map((list) => Float32Array.from(list));

/** A number of rows, columns, …, at least 1. */
export const size = (max = 5): fc.Arbitrary<number> => fc.integer({ min: 1, max });

/** How often a property is tried. */
export const numRuns = Number(process.env.MSD_FUZZ ?? 300);

// Some properties make a session each time: a long run gets the time that it takes.
vi.setConfig({ testTimeout: 60_000 + 30 * numRuns });
