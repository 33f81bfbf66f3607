import { realpathSync } from 'node:fs';
import type { TensorTable, WeightDtype } from '../../contracts/checkpoint.ts';
import { uniform } from '../../decode/uniform.ts';
import { readSafetensorsHeader } from '../../safetensors/safetensors.ts';
import {
  type StoredTensor,
  writeSafetensors,
} from '../../safetensors/testing/write-safetensors.ts';

export type Shapes = readonly (readonly [name: string, shape: readonly number[]])[];

/**
 * Writes random tensors to a safetensors file. The numbers are multiples of 1/256 below 1/2, which F32, F16 and BF16
 * all hold: a seed gives the same model in each.
 */
export async function writeRandomWeights(
  path: string,
  shapes: Shapes,
  dtype: WeightDtype,
  seed: number,
): Promise<TensorTable> {
  let drawn = 0;
  const tensors: Record<string, StoredTensor> = {};
  for (const [name, shape] of shapes) {
    const size = shape.reduce((product, dim) => product * dim, 1);
    const numbers = Float32Array.from({ length: size }, () => {
      drawn += 1;
      return Math.floor(uniform(seed, drawn) * 255 - 127) / 256;
    });
    tensors[name] = { dtype, shape, data: stored(numbers, dtype) };
  }
  writeSafetensors(path, tensors);
  return readSafetensorsHeader(realpathSync(path));
}

function stored(numbers: Float32Array, dtype: WeightDtype): Float32Array | Uint16Array {
  if (dtype === 'F32') return numbers;
  const bits = new Uint32Array(numbers.buffer);
  return Uint16Array.from(bits, (word) => (dtype === 'BF16' ? word >>> 16 : halfBits(word)));
}

/** The bits of a float32 as those of a float16, for 0 and numbers that need no rounding. */
function halfBits(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  if ((word & 0x7fffffff) === 0) return sign;
  const exponent = ((word >>> 23) & 0xff) - 127 + 15;
  return sign | (exponent << 10) | ((word >>> 13) & 0x3ff);
}
