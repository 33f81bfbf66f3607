import type { StoredDtype } from '../../../contracts/checkpoint.ts';
import { dequantiseQ4K, dequantiseQ5K, dequantiseQ6K } from './dequantise-k.ts';
import { dequantiseQ40, dequantiseQ41, dequantiseQ80 } from './dequantise-simple.ts';
import { widenBF16, widenF16, widenF32 } from './widen.ts';

/** How a file stores numbers: a run of so many in so many bytes. A matrix's row is a whole number of runs. */
export interface StoredType {
  readonly values: number;
  readonly bytes: number;
  /** The numbers of `into.length / values` runs, without loss; of blocks, exactly as GGML's reference code has them in float32. */
  readonly widen: (stored: Uint8Array, into: Float32Array) => void;
}

export const STORED_TYPES: Readonly<Record<StoredDtype, StoredType>> = {
  F32: { values: 1, bytes: 4, widen: widenF32 },
  F16: { values: 1, bytes: 2, widen: widenF16 },
  BF16: { values: 1, bytes: 2, widen: widenBF16 },
  Q4_0: { values: 32, bytes: 18, widen: dequantiseQ40 },
  Q4_1: { values: 32, bytes: 20, widen: dequantiseQ41 },
  Q8_0: { values: 32, bytes: 34, widen: dequantiseQ80 },
  Q4_K: { values: 256, bytes: 144, widen: dequantiseQ4K },
  Q5_K: { values: 256, bytes: 176, widen: dequantiseQ5K },
  Q6_K: { values: 256, bytes: 210, widen: dequantiseQ6K },
};

/** Bytes of so many numbers, a whole number of runs. */
export function storedBytes(dtype: StoredDtype, numbers: number): number {
  const { values, bytes } = STORED_TYPES[dtype];
  return (numbers / values) * bytes;
}

/** Stored runs as float32. */
export function widened(dtype: StoredDtype, stored: Uint8Array): Float32Array {
  const { values, bytes, widen } = STORED_TYPES[dtype];
  const into = new Float32Array((stored.length / bytes) * values);
  widen(stored, into);
  return into;
}
