import { narrowFloats } from '../../src/formats/narrow-floats.ts';
import type { StoredTensor } from '../../src/safetensors/write-safetensors.ts';

/** A tensor in float16. @throws RangeError where a number is beyond it */
export function halves(name: string, shape: readonly number[], values: Float32Array): StoredTensor {
  const bytes = narrowFloats(values, 'F16');
  if (bytes === undefined) throw new RangeError(`${name} holds a number too large for float16`);
  const data = new Uint16Array(bytes.buffer, bytes.byteOffset, values.length);
  return { name, shape, dtype: 'F16', data };
}
