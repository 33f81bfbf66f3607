import { BLOCK_BYTES, BLOCK_NUMBERS } from '../../../graph/operators/blockwise.ts';

const [LEAST, MOST] = [-8, 7];
/**
 * What the largest number of a block is tried as, in steps. -8 is what most files of 4 bits were made with. Numbers that
 * already are whole steps keep every bit, as theirs is among those that follow.
 */
const TRIED = [-8, 8, 7.5, -7.5, 7, -7, 6.5, -6.5, 6, -6, 5, -5, 4, -4, 3, -3, 2, -2, 1, -1];

/** Parts of one output: its blocks [count · 16], and what a step of each is worth [count]. */
export interface PackedRow {
  readonly blocks: Uint8Array;
  readonly steps: Float32Array;
}

/**
 * A row [in] as whole numbers from -8 to 7, each block of 32 times the step with the smallest sum of squared errors, of
 * those tried; after the row's last number are zeros.
 * @returns false where a number is not finite
 */
export function quantiseRow(row: Float32Array, { blocks, steps }: PackedRow): boolean {
  for (let block = 0; block < steps.length; block++) {
    const numbers = row.subarray(block * BLOCK_NUMBERS, (block + 1) * BLOCK_NUMBERS);
    const largest = largestOf(numbers);
    if (!Number.isFinite(largest)) return false;
    const step = stepOf(numbers, largest);
    steps[block] = step;
    for (let i = 0, at = block * BLOCK_BYTES; i < BLOCK_NUMBERS; i += 2, at++) {
      const [earlier, later] = [wholeOf(numbers[i] ?? 0, step), wholeOf(numbers[i + 1] ?? 0, step)];
      blocks[at] = (earlier - LEAST) | ((later - LEAST) << 4);
    }
  }
  return true;
}

/** The number of the largest size; NaN where one is not finite. */
function largestOf(numbers: Float32Array): number {
  let largest = 0;
  let sum = 0; // NaN and infinity stay in it
  for (let i = 0; i < numbers.length; i++) {
    const x = numbers[i] as number;
    if (Math.abs(x) > Math.abs(largest)) largest = x;
    sum += x * 0;
  }
  return Number.isFinite(sum) ? largest : Number.NaN;
}

function stepOf(numbers: Float32Array, largest: number): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const tried of TRIED) {
    const step = Math.fround(largest / tried);
    if (step === 0) continue;
    const error = squaredError(numbers, step, least);
    if (error < least) [best, least] = [step, error];
    if (error === 0) break;
  }
  return best;
}

/** Stops where it is no longer below `enough`. */
function squaredError(numbers: Float32Array, step: number, enough: number): number {
  const perNumber = 1 / step;
  let error = 0;
  for (let i = 0; i < numbers.length && error < enough; i++) {
    const x = numbers[i] as number;
    let whole = Math.floor(x * perNumber + 0.5);
    if (whole < LEAST) whole = LEAST;
    else if (whole > MOST) whole = MOST;
    const off = x - whole * step;
    error += off * off;
  }
  return error;
}

function wholeOf(x: number, step: number): number {
  if (step === 0) return 0;
  return Math.min(MOST, Math.max(LEAST, Math.floor(x * (1 / step) + 0.5)));
}
