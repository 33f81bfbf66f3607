import type { CacheRows } from '../../src/model/block-cache.ts';

/** Keys and values of some rows of a pass, layer by layer, as they were given: [2, layers, rows, kvHeads · headDim] */
export function columnFloats(
  { keys, values, count }: CacheRows,
  from: number,
  rows: number,
  layers: number,
): Float32Array {
  const width = keys.length / (layers * count);
  const floats = new Float32Array(2 * layers * rows * width);
  let at = 0;
  for (const part of [keys, values]) {
    for (let layer = 0; layer < layers; layer += 1) {
      const start = (layer * count + from) * width;
      floats.set(part.subarray(start, start + rows * width), at);
      at += rows * width;
    }
  }
  return floats;
}
