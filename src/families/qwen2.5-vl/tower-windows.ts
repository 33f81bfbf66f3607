import { floatTensor, intTensor, type Tensor } from '../../contracts/session.ts';
import type { Grid } from '../qwen-vl/tower-rotary.ts';
import type { Qwen25VlConfig } from './qwen25-vl-config.ts';

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
