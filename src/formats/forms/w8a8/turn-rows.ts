/**
 * Rows turned before they are rounded, so that no channel is much larger than its neighbours: signs drawn once, then a
 * Hadamard matrix, in blocks, and in wide rows these blocks among each other. Both sides of a product are turned alike, which
 * leaves it what it is.
 */
import type { MemoryTensor } from '../../../contracts/checkpoint.ts';
import { constant, dimOf, fixedDim, type Value, weight } from '../../../graph/graph.ts';
import { reshape } from '../../../graph/operators/layout.ts';
import { matmul } from '../../../graph/operators/matrix.ts';

/** Products of at most so many terms are added in order, so a row's bits stay its own. */
const WIDEST = 128;
/** Of so few blocks, one that holds all of a row's length is no more than four times as large as the row's mean square says. */
const FEW_BLOCKS = 16;

/** How a run of channels is turned: in blocks of `width`, and then every `blocks` of them among each other. */
interface Turn {
  readonly width: number;
  readonly blocks: number;
}

/** The widest blocks that divide a run, and as many of them as divide the rest where they are not few. */
export function turnOf(run: number): Turn {
  let width = 1;
  while (width < WIDEST && run % (2 * width) === 0) width *= 2;
  const rest = run / width;
  let blocks = rest > FEW_BLOCKS || width === 1 ? Math.min(rest, WIDEST) : 1;
  while (rest % blocks !== 0) blocks--;
  return { width, blocks };
}

/** Whether a turned row is bell-shaped whatever it held, all in one channel even: few parts of it are turned apart. */
export function isSpread(into: number): boolean {
  const { width, blocks } = turnOf(into);
  return into / (width * blocks) <= FEW_BLOCKS;
}

/** How rows are turned in place, every run of so many channels by itself. */
export function rowTurner(run: number): (row: Float32Array) => void {
  const { width, blocks } = turnOf(run);
  const mix = blockMixer(blocks, width);
  return (row) => {
    for (let first = 0; width > 1 && first < row.length; first += width) {
      turnBlock(row, first, width);
    }
    for (let first = 0; blocks > 1 && first < row.length; first += blocks * width) {
      mix(row.subarray(first, first + blocks * width));
    }
  };
}

/**
 * A matrix's rows whose outputs leave turned: those of a run are mixed before they go on.
 * @param rows some at a time [n · in], as they are given back
 */
export async function* rowsTurnedAcross(
  rows: AsyncIterable<Float32Array>,
  run: number,
  into: number,
): AsyncGenerator<Float32Array> {
  const held = new Float32Array(run * into);
  let count = 0;
  for await (const some of rows) {
    for (let first = 0; first < some.length; first += into) {
      held.set(some.subarray(first, first + into), count * into);
      count++;
      if (count < run) continue;
      turnColumns(held, run, into);
      yield held;
      count = 0;
    }
  }
}

/** The columns of [run, in], turned in place. */
function turnColumns(rows: Float32Array, run: number, into: number): void {
  const column = new Float32Array(run);
  const turn = rowTurner(run);
  for (let channel = 0; channel < into; channel++) {
    for (let i = 0; i < run; i++) column[i] = rows[i * into + channel] as number;
    turn(column);
    for (let i = 0; i < run; i++) rows[i * into + channel] = column[i] as number;
  }
}

/** Signs, then a fast Walsh-Hadamard transform, then the scale that keeps a block's length. */
function turnBlock(numbers: Float32Array, first: number, width: number): void {
  const end = first + width;
  for (let i = first; i < end; i++) {
    numbers[i] = (numbers[i] as number) * (SIGNS[i - first] as number);
  }
  hadamard(numbers, first, end, 1, 1 / Math.sqrt(width));
}

/**
 * Walsh-Hadamard transform of the numbers from `first` to `end`, among parts of `stride`, as many as a power of two. Two
 * rounds at a time, since a model has billions of numbers to be turned: each sum is rounded as if they were apart, and the
 * last before it is scaled.
 */
function hadamard(
  numbers: Float32Array,
  first: number,
  end: number,
  stride: number,
  scale = 1,
): void {
  const { fround } = Math;
  let half = stride;
  for (; 2 * half < end - first; half *= 4) {
    const by = 4 * half === end - first ? scale : 1;
    for (let part = first; part < end; part += 4 * half) {
      for (let i = part; i < part + half; i++) {
        const a = numbers[i] as number;
        const b = numbers[i + half] as number;
        const c = numbers[i + 2 * half] as number;
        const d = numbers[i + 3 * half] as number;
        const ab = fround(a + b);
        const cd = fround(c + d);
        const less = fround(a - b);
        const lower = fround(c - d);
        numbers[i] = fround(ab + cd) * by;
        numbers[i + half] = fround(less + lower) * by;
        numbers[i + 2 * half] = fround(ab - cd) * by;
        numbers[i + 3 * half] = fround(less - lower) * by;
      }
    }
  }
  if (half >= end - first) return;
  for (let i = first; i < first + half; i++) {
    const a = numbers[i] as number;
    const b = numbers[i + half] as number;
    numbers[i] = fround(a + b) * scale;
    numbers[i + half] = fround(a - b) * scale;
  }
}

/** Blocks among each other: a Hadamard matrix over those of each part, cosines over the parts, of which there is an odd number. */
function blockMixer(blocks: number, width: number): (numbers: Float32Array) => void {
  let parts = blocks;
  while (parts % 2 === 0) parts /= 2;
  const size = (blocks / parts) * width;
  const shares = Float64Array.from({ length: parts * parts }, (_, at) => {
    return cosine(Math.floor(at / parts), at % parts, parts) / Math.sqrt(blocks / parts);
  });
  const old = new Float32Array(blocks * width);
  return (numbers) => {
    for (let first = 0; first < numbers.length; first += size) {
      hadamard(numbers, first, first + size, width);
    }
    old.set(numbers);
    if (size === 1) mixNumbers(old, shares, numbers);
    else mixParts(old, shares, numbers, parts, size);
  };
}

/** Each part its share of all others, a part's numbers side by side. */
function mixParts(
  old: Float32Array,
  shares: Float64Array,
  into: Float32Array,
  parts: number,
  size: number,
): void {
  into.fill(0);
  for (let to = 0; to < parts; to++) {
    for (let from = 0; from < parts; from++) {
      const share = shares[to * parts + from] as number;
      for (let i = 0; i < size; i++) {
        const at = to * size + i;
        into[at] = (into[at] as number) + share * (old[from * size + i] as number);
      }
    }
  }
}

/** The same where a part is one number: its sum needs no memory, and takes half of the time. */
function mixNumbers(old: Float32Array, shares: Float64Array, into: Float32Array): void {
  const { fround } = Math;
  const parts = old.length;
  for (let to = 0; to < parts; to++) {
    let sum = 0;
    for (let from = 0; from < parts; from++) {
      sum = fround(sum + (shares[to * parts + from] as number) * (old[from] as number));
    }
    into[to] = sum;
  }
}

/** Of the orthonormal cosine transform (DCT-II). */
function cosine(to: number, from: number, count: number): number {
  const length = Math.sqrt((to === 0 ? 1 : 2) / count);
  return length * Math.cos((Math.PI * (2 * from + 1) * to) / (2 * count));
}

/** Without signs, a block of equal numbers would all go into one. Drawn once: packed files depend on them. */
function signOf(channel: number): number {
  const mixed = Math.imul(channel + 1, 0x9e3779b1);
  return (Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 31) * 2 - 1;
}

/** x [n, in] → the same rows [n, in], turned, every run of so many channels by itself */
export function turned(x: Value, run = fixedDim(x, 1)): Value {
  const { width, blocks } = turnOf(run);
  const shape = [dimOf(x, 0), fixedDim(x, 1)];
  const within = IN_BLOCKS.find((matrix) => matrix.shape[0] === width);
  const own = within
    ? reshape(matmul(reshape(x, ['n·blocks', width]), weight(x.graph, within)), shape)
    : x;
  if (blocks === 1) return own;
  const among = matrixOf(blocks, blockMixer(blocks, 1));
  const left = constant(x.graph, transposed(among, blocks), [blocks, blocks]);
  return reshape(matmul(left, reshape(own, ['n·runs', blocks, width])), shape);
}

/** A transform [size, size] as a right factor: row i is what becomes of unit i. */
function matrixOf(size: number, turn: (unit: Float32Array) => void): Float32Array {
  const data = new Float32Array(size * size);
  for (let i = 0; i < size; i++) {
    data[i * size + i] = 1;
    turn(data.subarray(i * size, (i + 1) * size));
  }
  return data;
}

const transposed = (data: Float32Array, size: number): Float32Array =>
  data.map((_, at) => data[(at % size) * size + Math.floor(at / size)] as number);

const SIGNS = Float32Array.from({ length: WIDEST }, (_, channel) => signOf(channel));

/** The turn of each width. */
const IN_BLOCKS: readonly MemoryTensor[] = [2, 4, 8, 16, 32, 64, WIDEST].map((width) => ({
  name: `turn of ${width}`,
  dtype: 'F32',
  shape: [width, width],
  data: matrixOf(width, (unit) => turnBlock(unit, 0, width)),
}));
