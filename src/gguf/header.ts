/**
 * The header of a GGUF file (versions 2 and 3): magic, counts, metadata, descriptions of tensors. The file is taken for
 * hostile. @huggingface/gguf gives the names of types but does not read the header: it drops U+FEFF from tokens
 * (Llama's vocabulary has one), cuts a string where its window of 2 MB ends, and reads zeros after the end of a cut file.
 */

import { GGUFValueType } from '@huggingface/gguf';
import { CheckpointError } from '../contracts/errors.ts';
import { printable } from '../contracts/printable.ts';
import { createCursor } from './cursor.ts';

type NumberList =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** A list of booleans is one of bytes. A 64-bit number that a double can't hold stays a bigint. */
export type GgufValue = string | number | bigint | boolean | readonly string[] | NumberList;

export interface TensorInfo {
  readonly name: string;
  /** As Hugging Face counts: rows first. The file has it the other way round. */
  readonly shape: readonly number[];
  /** GGML's number of the type. */
  readonly type: number;
  /** In the data part. */
  readonly offset: number;
}

export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: readonly TensorInfo[];
  readonly bytes: number;
}

const MAGIC = 0x4655_4747; // "GGUF"
/** More than any known model has by a factor of ten. */
const MAX_ENTRIES = 65_536;
const MAX_RANK = 4;

type Cursor = ReturnType<typeof createCursor>;

/**
 * Reads a header from the start of a file of `size` bytes, of which `window` are given.
 * @throws WindowEnd where the header goes on after them, CheckpointError where it is wrong.
 */
export function parseHeader(path: string, window: Uint8Array, size: number): GgufHeader {
  const cursor = createCursor(path, window, size);
  if (cursor.u32() !== MAGIC) {
    throw new CheckpointError(path, 'this is no GGUF file; give one, or check the download.');
  }
  checkVersion(path, cursor.u32());
  const tensorCount = cursor.count('tensors', MAX_ENTRIES);
  const keyCount = cursor.count('metadata keys', MAX_ENTRIES);
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < keyCount; i++) {
    const key = cursor.text('a metadata key');
    if (key === '') throw cursor.wrong('a metadata key is empty');
    if (metadata.has(key)) throw cursor.wrong(`the key ${printable(key)} stands twice`);
    metadata.set(key, readValue(cursor, key));
  }
  const tensors = new Map<string, TensorInfo>();
  for (let i = 0; i < tensorCount; i++) {
    const info = readTensorInfo(cursor);
    if (tensors.has(info.name)) {
      throw cursor.wrong(`tensor ${printable(info.name)} is described twice`);
    }
    tensors.set(info.name, info);
  }
  return { metadata, tensors: [...tensors.values()], bytes: cursor.position() };
}

function checkVersion(path: string, version: number): void {
  if (version === 2 || version === 3) return;
  const problem =
    (version & 0xffff) === 0
      ? 'the file is big-endian, which this version does not read'
      : `GGUF version ${version} is not one that this version reads (2 and 3)`;
  throw new CheckpointError(path, `${problem}; convert the model again with a current llama.cpp.`);
}

function readTensorInfo(cursor: Cursor): TensorInfo {
  const name = cursor.text('the name of a tensor');
  const label = `tensor ${printable(name)}`;
  const rank = cursor.u32();
  if (rank < 1 || rank > MAX_RANK) throw cursor.wrong(`${label} has ${rank} dimensions`);
  const shape = Array.from({ length: rank }, () => cursor.u64()).reverse();
  const values = shape.reduce((product, n) => product * n, 1n);
  if (values < 1n || values > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw cursor.wrong(`${label} has the shape [${shape.join(', ')}]`);
  }
  const type = cursor.u32();
  const offset = cursor.u64();
  if (offset > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw cursor.wrong(`${label} lies at byte ${offset}`);
  }
  return { name, shape: shape.map(Number), type, offset: Number(offset) };
}

function readValue(cursor: Cursor, key: string): GgufValue {
  const type: GGUFValueType = cursor.u32();
  if (type === GGUFValueType.STRING) return cursor.text(`the value of ${printable(key)}`);
  if (type === GGUFValueType.ARRAY) return readList(cursor, key);
  const list = readNumbers(cursor, key, type, 1);
  const [value = 0] = list;
  if (type === GGUFValueType.BOOL) return value !== 0;
  return typeof value === 'bigint' && isSafe(value) ? Number(value) : value;
}

function isSafe(value: bigint): boolean {
  const limit = BigInt(Number.MAX_SAFE_INTEGER);
  return value >= -limit && value <= limit;
}

function readList(cursor: Cursor, key: string): GgufValue {
  const type: GGUFValueType = cursor.u32();
  if (type === GGUFValueType.ARRAY) {
    throw cursor.wrong(`${printable(key)} is a list of lists, which no known key is`);
  }
  const length = cursor.count(`entries of ${printable(key)}`, Number.MAX_SAFE_INTEGER);
  if (type !== GGUFValueType.STRING) return readNumbers(cursor, key, type, length);
  const texts: string[] = [];
  for (let i = 0; i < length; i++) texts.push(cursor.text(`an entry of ${printable(key)}`));
  return texts;
}

interface ListType {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): NumberList;
}

const LISTS: ReadonlyMap<GGUFValueType, ListType> = new Map<GGUFValueType, ListType>([
  [GGUFValueType.UINT8, Uint8Array],
  [GGUFValueType.INT8, Int8Array],
  [GGUFValueType.UINT16, Uint16Array],
  [GGUFValueType.INT16, Int16Array],
  [GGUFValueType.UINT32, Uint32Array],
  [GGUFValueType.INT32, Int32Array],
  [GGUFValueType.FLOAT32, Float32Array],
  [GGUFValueType.BOOL, Uint8Array],
  [GGUFValueType.UINT64, BigUint64Array],
  [GGUFValueType.INT64, BigInt64Array],
  [GGUFValueType.FLOAT64, Float64Array],
]);

function readNumbers(cursor: Cursor, key: string, type: GGUFValueType, length: number): NumberList {
  const List = LISTS.get(type);
  if (List === undefined) throw cursor.wrong(`${printable(key)} has the unknown type ${type}`);
  return new List(cursor.take(length * List.BYTES_PER_ELEMENT, `the value of ${printable(key)}`));
}
