import type { TensorRef, TensorTable } from './checkpoint.ts';

/** A JSON file of a model's folder. */
export interface JsonFile {
  /** Where it lies, for messages. */
  readonly path: string;
  /** Parsed; undefined, which no JSON says, where there is no such file. */
  readonly value: unknown;
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
  /** Changes when a file of these tensors does. */
  readonly fingerprint: (tensors: Iterable<TensorRef>) => Promise<string>;
  /**
   * The folder of a vision tower of its own, by the name that this folder's config has for it, as `owner/name`.
   * @throws CheckpointError where it isn't found
   */
  readonly tower: (model: string) => Promise<ModelFolder>;
}
