/**
 * Rows turned before they are rounded, so that no channel is much larger than its neighbours: signs drawn once, then a
 * Hadamard matrix, in blocks. Both sides of a product are turned alike, which leaves it what it is.
 */
import type { MemoryTensor } from '../../../contracts/checkpoint.ts';
import { dimOf, fixedDim, type Value, weight } from '../../../graph/graph.ts';
import { reshape } from '../../../graph/operators/layout.ts';
import { matmul } from '../../../graph/operators/matrix.ts';

/** Products of at most so many terms are added in order, so a row's bits stay its own. */
const WIDEST = 128;
/** Blocks of fewer channels spread too little to be worth an operator. */
const NARROWEST = 8;

/** Channels of a block: the largest power of two that divides a row, up to 128; 1 where rows stay as they are. */
export function turnWidth(into: number): number {
  let width = 1;
  while (width < WIDEST && into % (2 * width) === 0) width *= 2;
  return width < NARROWEST ? 1 : width;
}

/** A matrix's row, turned in place. */
export function turnRow(row: Float32Array): void {
  const width = turnWidth(row.length);
  if (width === 1) return;
  for (let first = 0; first < row.length; first += width) {
    turnBlock(row.subarray(first, first + width));
  }
}

/** Signs, then a fast Walsh-Hadamard transform, then the scale that keeps a block's length. */
function turnBlock(block: Float32Array): void {
  const width = block.length;
  for (let i = 0; i < width; i++) block[i] = (block[i] as number) * signOf(i);
  for (let half = 1; half < width; half *= 2) {
    for (let i = 0; i < width; i++) {
      if ((i & half) !== 0) continue;
      const [a, b] = [block[i] as number, block[i + half] as number];
      block[i] = a + b;
      block[i + half] = a - b;
    }
  }
  const scale = 1 / Math.sqrt(width);
  for (let i = 0; i < width; i++) block[i] = (block[i] as number) * scale;
}

/** Without signs, a block of equal numbers would all go into one. Drawn once: packed files depend on them. */
function signOf(channel: number): number {
  const mixed = Math.imul(channel + 1, 0x9e3779b1);
  return (Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 31) * 2 - 1;
}

/** x [n, in] → the same rows turned [n, in] */
export function turned(x: Value): Value {
  const into = fixedDim(x, 1);
  const matrix = MATRICES.find(({ shape }) => shape[0] === turnWidth(into));
  if (matrix === undefined) return x;
  const blocks = reshape(x, ['n·blocks', matrix.shape[0] as number]);
  return reshape(matmul(blocks, weight(x.graph, matrix)), [dimOf(x, 0), into]);
}

/** What `turnBlock` does to a block, for each width: row i is what becomes of channel i. */
const MATRICES: readonly MemoryTensor[] = [8, 16, 32, 64, WIDEST].map((width) => {
  const data = new Float32Array(width * width);
  for (let i = 0; i < width; i++) {
    data[i * width + i] = 1;
    turnBlock(data.subarray(i * width, (i + 1) * width));
  }
  return { name: `turn of ${width}`, dtype: 'F32', shape: [width, width], data };
});
