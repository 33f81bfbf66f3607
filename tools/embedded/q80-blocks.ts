import { widenF16 } from '../../src/formats/forms/stored/widen.ts';
import { narrowFloats } from '../../src/formats/narrow-floats.ts';

const VALUES = 32;
const BLOCK_BYTES = 2 + VALUES;
const MOST = 127;

/**
 * Numbers in GGML's blocks of 32 under one scale, a half, each rounded to the nearest of its whole steps.
 * @param numbers finite, a whole number of blocks
 */
export function q80Blocks(numbers: Float32Array): Uint8Array {
  const count = numbers.length / VALUES;
  const largest = new Float32Array(count);
  for (let i = 0; i < numbers.length; i++) {
    const block = Math.floor(i / VALUES);
    largest[block] = Math.max(largest[block] as number, Math.abs(numbers[i] as number));
  }
  const halves = narrowFloats(
    largest.map((most) => most / MOST),
    'F16',
  );
  if (halves === undefined) throw new RangeError('a block holds numbers too large for a half');
  const scales = new Float32Array(count);
  widenF16(halves, scales);
  const blocks = new Uint8Array(count * BLOCK_BYTES);
  for (let block = 0; block < count; block++) {
    const at = block * BLOCK_BYTES;
    blocks.set(halves.subarray(2 * block, 2 * block + 2), at);
    const scale = scales[block] as number;
    for (let i = 0; i < VALUES; i++) {
      const steps = scale === 0 ? 0 : (numbers[block * VALUES + i] as number) / scale;
      blocks[at + 2 + i] = Math.max(-MOST, Math.min(MOST, Math.round(steps)));
    }
  }
  return blocks;
}
