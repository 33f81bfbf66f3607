import type { TensorRef, TensorTable } from './checkpoint.ts';

/** A JSON file of a model's folder. */
export interface JsonFile {
  /** Where it lies, for messages. */
  readonly path: string;
  /** Parsed; undefined, which no JSON says, where there is no such file. */
  readonly value: unknown;
}

/** Whole numbers of a file, none below 0. */
export type NumberArray =
  | { readonly dtype: 'U8'; readonly data: Uint8Array }
  | { readonly dtype: 'U16'; readonly data: Uint16Array }
  | { readonly dtype: 'U32'; readonly data: Uint32Array };

/** A safetensors file of whole numbers, read as a whole. */
export interface NumberFile {
  /** Where it lies, for messages. */
  readonly path: string;
  readonly bytes: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly arrays: ReadonlyMap<string, NumberArray & { readonly shape: readonly number[] }>;
}

/** A model's folder, wherever it lies: the host opens it, and says no more of its files than what stands in them. */
export interface ModelFolder {
  /** Where it lies, for messages. */
  readonly path: string;
  /** Every name that it goes by, `path` first: where links lead, what it is published as. */
  readonly names: () => Promise<readonly string[]>;
  /** @throws CheckpointError where the file can't be read or is no JSON */
  readonly json: (file: string) => Promise<JsonFile>;
  /** A file's text, undefined where there is none. */
  readonly text: (file: string) => Promise<string | undefined>;
  /**
   * Every tensor of its weight files.
   * @throws CheckpointError where one is missing or damaged
   */
  readonly tensors: () => Promise<TensorTable>;
  /**
   * A file of whole numbers beside the weights; undefined where there is none. Absent where the host reads no such files.
   * @throws CheckpointError where it is damaged, too large to be read whole, or holds other numbers
   */
  readonly numbers?: (file: string) => Promise<NumberFile | undefined>;
  /** Changes when a file of these tensors does. */
  readonly fingerprint: (tensors: Iterable<TensorRef>) => Promise<string>;
  /**
   * The folder of a vision tower of its own, by the name that this folder's config has for it, as `owner/name`.
   * @throws CheckpointError where it isn't found
   */
  readonly tower: (model: string) => Promise<ModelFolder>;
}
