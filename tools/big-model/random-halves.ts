/**
 * Normal numbers as F16, fast: a bit generator (xorshift32) draws from a table of the distribution's quantiles, two
 * numbers from each word.
 */
import { narrowFloats } from '../../src/formats/narrow-floats.ts';

/** Quantiles in the table. */
const SIZE = 1 << 16;
const PIECE_BYTES = 8 << 20;

/** The bits of SIZE numbers that are normal with the given deviation, in order. */
export function normalTable(deviation: number): Uint16Array {
  const numbers = Float32Array.from(
    { length: SIZE },
    (_, i) => deviation * quantile((i + 0.5) / SIZE),
  );
  const bytes = narrowFloats(numbers, 'F16') as Uint8Array;
  return new Uint16Array(bytes.buffer, bytes.byteOffset, SIZE);
}

/** `count` numbers drawn from the table, in pieces; the same seed gives the same. A piece lasts until the next is asked for. */
export function* randomHalves(
  count: number,
  table: Uint16Array,
  seed: number,
): Generator<Uint8Array> {
  const halves = new Uint16Array(PIECE_BYTES / 2);
  let state = (seed ^ 0x9e3779b9) | 1;
  for (let left = count; left > 0; left -= halves.length) {
    const length = Math.min(left, halves.length);
    for (let i = 0; i < length; i += 2) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      halves[i] = table[state & 0xffff] as number;
      halves[i + 1] = table[state >>> 16] as number;
    }
    yield new Uint8Array(halves.buffer, 0, length * 2);
  }
}

/** Where the standard normal distribution reaches p, by bisection. */
function quantile(p: number): number {
  let [low, high] = [-6, 6];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (cumulative(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Φ(x), to 1e-7 (Abramowitz and Stegun 26.2.17). */
function cumulative(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const terms = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const sum = terms.reduceRight((rest, term) => t * (term + rest), 0);
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum;
  return x < 0 ? tail : 1 - tail;
}
