/**
 * What a pickle of tensors may build: plain values, containers, names of the allowed globals, and what PyTorch's own
 * rebuilding makes of them. Values may contain each other in circles, so nothing here is ever walked in depth.
 */

export type PickleValue =
  | null
  | boolean
  | number
  | string
  | PickleTuple
  | PickleList
  | PickleDict
  | PickleGlobal
  | PickledStorage
  | PickledTensor;

interface PickleTuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
}

interface PickleList {
  readonly kind: 'list';
  readonly items: PickleValue[];
}

/** A dict or an OrderedDict. */
export interface PickleDict {
  readonly kind: 'dict';
  readonly entries: Map<string | number, PickleValue>;
}

/** A function, a class or a type, such as `torch.float16`, by its name. */
interface PickleGlobal {
  readonly kind: 'global';
  readonly name: string;
}

/** The flat memory that tensors are views of: the zip entry `data/<key>`. */
export interface PickledStorage {
  readonly kind: 'storage';
  readonly key: string;
  readonly bytes: number;
  /** PyTorch's name of its elements' type; none if it is plain bytes. */
  readonly dtype?: string;
}

/** A view of a storage; offset and strides count elements. */
export interface PickledTensor {
  readonly kind: 'tensor';
  readonly storage: PickledStorage;
  readonly dtype: string;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

type Kind = Exclude<PickleValue, null | boolean | number | string>['kind'];

export function isKind<K extends Kind>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<PickleValue, { kind: K }> {
  return typeof value === 'object' && value !== null && value.kind === kind;
}

/** A size or a position. */
export function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** What is wrong with a pickle, to follow "its pickle is refused: " in a message; the reader of the file adds the path. */
export class PickleError extends Error {}
