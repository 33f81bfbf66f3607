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

/** How the blocks of a run are mixed: a Hadamard matrix over those of each part, shares among the parts, of which there is an odd number. */
export interface Mixing {
  readonly parts: number;
  /** [to, from] */
  readonly shares: Float64Array;
}

export function mixingOf(blocks: number): Mixing {
  let parts = blocks;
  while (parts % 2 === 0) parts /= 2;
  const shares = Float64Array.from({ length: parts * parts }, (_, at) => {
    return cosine(Math.floor(at / parts), at % parts, parts) / Math.sqrt(blocks / parts);
  });
  return { parts, shares };
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
  const left = constant(x.graph, mixingMatrix(blocks), [blocks, blocks]);
  return reshape(matmul(left, reshape(own, ['n·runs', blocks, width])), shape);
}

/** What each block [to, from] has of the others. */
function mixingMatrix(blocks: number): Float32Array {
  const { parts, shares } = mixingOf(blocks);
  const size = blocks / parts;
  return Float32Array.from({ length: blocks * blocks }, (_, at) => {
    const [to, from] = [Math.floor(at / blocks), at % blocks];
    const share = shares[Math.floor(to / size) * parts + Math.floor(from / size)] as number;
    return share * hadamardSign(to % size, from % size);
  });
}

/** Of a Hadamard matrix, whose rows and columns count alike. */
function hadamardSign(row: number, column: number): number {
  let sign = 1;
  for (let both = row & column; both > 0; both >>= 1) if (both & 1) sign = -sign;
  return sign;
}

export const SIGNS = Float32Array.from({ length: WIDEST }, (_, channel) => signOf(channel));

/** The turn of each width, as a right factor: row i is what becomes of unit i. */
const IN_BLOCKS: readonly MemoryTensor[] = [2, 4, 8, 16, 32, 64, WIDEST].map((width) => ({
  name: `turn of ${width}`,
  dtype: 'F32',
  shape: [width, width],
  data: Float32Array.from({ length: width * width }, (_, at) => {
    const from = Math.floor(at / width);
    return ((SIGNS[from] as number) * hadamardSign(from, at % width)) / Math.sqrt(width);
  }),
}));
