import { GGMLQuantizationType } from '@huggingface/gguf';
import { dequantiseQ4K, dequantiseQ5K, dequantiseQ6K } from './dequantise-k.ts';
import { dequantiseQ40, dequantiseQ41, dequantiseQ80 } from './dequantise-simple.ts';
import { widenBF16, widenF16, widenF32 } from './widen.ts';

/** How GGML stores a run of numbers. */
export interface BlockType {
  readonly name: string;
  /** Numbers of one block; a row has a whole number of blocks. */
  readonly values: number;
  readonly bytes: number;
  /** The numbers of `into.length / values` blocks, exactly as GGML's reference code has them in float32. */
  readonly widen: (blocks: Uint8Array, into: Float32Array) => void;
}

const T = GGMLQuantizationType;
const TYPES: ReadonlyMap<GGMLQuantizationType, Omit<BlockType, 'name'>> = new Map([
  [T.F32, { values: 1, bytes: 4, widen: widenF32 }],
  [T.F16, { values: 1, bytes: 2, widen: widenF16 }],
  [T.BF16, { values: 1, bytes: 2, widen: widenBF16 }],
  [T.Q4_0, { values: 32, bytes: 18, widen: dequantiseQ40 }],
  [T.Q4_1, { values: 32, bytes: 20, widen: dequantiseQ41 }],
  [T.Q8_0, { values: 32, bytes: 34, widen: dequantiseQ80 }],
  [T.Q4_K, { values: 256, bytes: 144, widen: dequantiseQ4K }],
  [T.Q5_K, { values: 256, bytes: 176, widen: dequantiseQ5K }],
  [T.Q6_K, { values: 256, bytes: 210, widen: dequantiseQ6K }],
]);

/** The types that can be read. */
export const BLOCK_TYPE_NAMES: readonly string[] = [...TYPES.keys()].map((id) => T[id]);

/** By GGML's number; undefined for one that this version doesn't read. */
export function blockType(id: number): BlockType | undefined {
  const type = TYPES.get(id);
  return type === undefined ? undefined : { name: blockTypeName(id), ...type };
}

export function blockTypeName(id: number): string {
  return T[id] ?? `number ${id}`;
}
