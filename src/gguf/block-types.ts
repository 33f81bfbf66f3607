import { GGMLQuantizationType } from '@huggingface/gguf';
import type { StoredDtype } from '../contracts/checkpoint.ts';
import { STORED_TYPES } from '../formats/forms/stored/stored-types.ts';

/** The types that can be read; the names are GGML's own. */
export const BLOCK_TYPE_NAMES: readonly string[] = Object.keys(STORED_TYPES);

/** By GGML's number; undefined for one that this version doesn't read. */
export function blockType(id: number): StoredDtype | undefined {
  const name = blockTypeName(id);
  return isStored(name) ? name : undefined;
}

const isStored = (name: string): name is StoredDtype => Object.hasOwn(STORED_TYPES, name);

export function blockTypeName(id: number): string {
  return GGMLQuantizationType[id] ?? `number ${id}`;
}
