import type { Tensor } from '../../contracts/session.ts';
import { mropeRows } from '../../model/mrope-rows.ts';
import { inverseFrequencies } from '../../model/rotary-rows.ts';
import type { QwenVision } from './qwen-vl-config.ts';

/** Rows and columns of a picture's embeddings. */
export interface Grid {
  readonly height: number;
  readonly width: number;
}

const THETA = 10_000;

/**
 * cos and sin [p, 1, headDim]: half of a head's frequencies turn by the patch's row, half by its column. Patches come
 * square by square, the `mergeSize`² of one embedding together.
 */
export function towerRotary(
  grid: Grid,
  { hiddenSize, heads, mergeSize }: QwenVision,
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
