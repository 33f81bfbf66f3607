/**
 * What the host tells Qwen's vision towers of a picture's grid: where its patches stand, and which of them look at each
 * other. Patches come square by square, the `mergeSize`² of one embedding together.
 */
import type { Qwen25VlConfig, QwenVisionConfig } from '../../contracts/checkpoint.ts';
import { floatTensor, intTensor, type Tensor } from '../../contracts/session.ts';
import { mropeRows } from '../../model/mrope-rows.ts';
import { inverseFrequencies } from '../../model/rotary-rows.ts';

/** Rows and columns of a picture's embeddings. */
interface Grid {
  readonly height: number;
  readonly width: number;
}

const THETA = 10_000;

/** cos and sin [p, 1, headDim]: half of a head's frequencies turn by the patch's row, half by its column. */
export function towerRotary(
  grid: Grid,
  { hiddenSize, heads, mergeSize }: QwenVisionConfig,
): Record<'cos' | 'sin', Tensor> {
  const square = mergeSize ** 2;
  const patches = grid.height * grid.width * square;
  const rows = new Int32Array(patches);
  const columns = new Int32Array(patches);
  for (let patch = 0; patch < patches; patch++) {
    const [embedding, within] = [Math.floor(patch / square), patch % square];
    const top = Math.floor(embedding / grid.width) * mergeSize;
    const left = (embedding % grid.width) * mergeSize;
    rows[patch] = top + Math.floor(within / mergeSize);
    columns[patch] = left + (within % mergeSize);
  }
  const frequencies = inverseFrequencies(hiddenSize / heads / 2, THETA);
  const { length } = frequencies;
  const both = Float32Array.of(...frequencies, ...frequencies);
  return mropeRows([rows, columns], [length, length], both);
}

/**
 * The windows of Qwen2.5-VL, w squares of `windowSize`² embeddings or m patches; those at the edges are partly empty.
 * slots [w, m]: the patch in each place, 0 where there is none; seen [w, 1, 1, m]: 0, and -inf where there is none;
 * places [p]: where each patch stands among all w·m.
 */
export function towerWindows(
  grid: Grid,
  { windowSize, mergeSize }: Qwen25VlConfig['vision'],
): Record<'slots' | 'seen' | 'places', Tensor> {
  const square = mergeSize ** 2;
  const [down, across] = [Math.ceil(grid.height / windowSize), Math.ceil(grid.width / windowSize)];
  const windows = down * across;
  const size = windowSize ** 2 * square;
  const slots = new Int32Array(windows * size);
  const seen = new Float32Array(windows * size).fill(Number.NEGATIVE_INFINITY);
  const places = new Int32Array(grid.height * grid.width * square);
  for (let patch = 0; patch < places.length; patch++) {
    const embedding = Math.floor(patch / square);
    const [y, x] = [Math.floor(embedding / grid.width), embedding % grid.width];
    const window = Math.floor(y / windowSize) * across + Math.floor(x / windowSize);
    const cell = (y % windowSize) * windowSize + (x % windowSize);
    const place = window * size + cell * square + (patch % square);
    slots[place] = patch;
    seen[place] = 0;
    places[patch] = place;
  }
  return {
    slots: intTensor(slots, [windows, size]),
    seen: floatTensor(seen, [windows, 1, 1, size]),
    places: intTensor(places),
  };
}
