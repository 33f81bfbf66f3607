/**
 * The header of a safetensors file: u64 length, JSON, data. The file is taken for hostile: every number is checked
 * against the file's size before it is used, and tensors must tile the data without overlap or hole, as the format
 * demands. Tensor data is never read.
 */

import { type FileHandle, open } from 'node:fs/promises';
import type { TensorRef, WeightDtype } from '../contracts/checkpoint.ts';
import { isBlockDtype, isIgnoredBuffer } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { printable } from '../contracts/printable.ts';
import { ioError } from '../files/io-error.ts';
import { parseJson } from '../files/json-file.ts';
import { regularFile } from '../files/regular-file.ts';
import { STORED_TYPES } from '../formats/forms/stored/stored-types.ts';

/** The limit of the reference implementation. */
const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;
const MAX_RANK = 16;

/** Bytes per element of the format's whole-byte types; only the first three can be bound as weights. */
const WIDTHS: ReadonlyMap<string, number> = new Map([
  ['F32', 4],
  ['F16', 2],
  ['BF16', 2],
  ['BOOL', 1],
  ['U8', 1],
  ['I8', 1],
  ['F8_E4M3', 1],
  ['F8_E5M2', 1],
  ['F8_E8M0', 1],
  ['U16', 2],
  ['I16', 2],
  ['U32', 4],
  ['I32', 4],
  ['U64', 8],
  ['I64', 8],
  ['F64', 8],
  ['C64', 8],
]);

/**
 * The tensors that a safetensors file declares. Buffers that no model needs (isIgnoredBuffer) are left out.
 * @throws CheckpointError where the file can't be opened, is cut short, or its header lies.
 */
export async function readSafetensorsHeader(path: string): Promise<Map<string, TensorRef>> {
  const { real, dataStart, entries, metadata } = await readDeclared(path);
  const tensors = new Map<string, TensorRef>();
  for (const entry of entries) {
    const { name, begin, end } = entry;
    if (isIgnoredBuffer(name)) continue;
    const stored = typeOf(entry, metadata[name]);
    if (stored === undefined) {
      throw new CheckpointError(
        path,
        `tensor ${printable(name)} is stored as ${entry.dtype}; use a checkpoint in F32, F16 or BF16.`,
      );
    }
    const offset = dataStart + begin;
    tensors.set(name, { name, ...stored, path: real, offset, bytes: end - begin });
  }
  return tensors;
}

/** Of a matrix in blocks, the bytes of whose rows are declared, what it really is. */
function typeOf(
  { dtype, shape }: Entry,
  blocks: string | undefined,
): Pick<TensorRef, 'dtype' | 'shape'> | undefined {
  if (isWeightDtype(dtype)) return { dtype, shape };
  if (dtype !== 'U8' || blocks === undefined || !isBlockDtype(blocks)) return undefined;
  const [rows, rowBytes] = shape;
  const { values, bytes } = STORED_TYPES[blocks];
  const isMatrix = rows !== undefined && rowBytes !== undefined && shape.length === 2;
  if (!isMatrix || rowBytes === 0 || rowBytes % bytes !== 0) return undefined;
  return { dtype: blocks, shape: [rows, (rowBytes / bytes) * values] };
}

/** What a file says that it holds. */
interface Declared {
  /** Absolute real path of the file. */
  readonly real: string;
  readonly bytes: number;
  /** Position of the first byte of data. */
  readonly dataStart: number;
  readonly entries: readonly Entry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** @throws CheckpointError where the file can't be opened, is cut short, or its header lies. */
export async function readDeclared(path: string): Promise<Declared> {
  const { real, size, header } = await readHeader(path);
  const dataStart = LENGTH_BYTES + header.length;
  const { entries, metadata } = parseHeader(path, header);
  checkTiling(path, entries, size - dataStart);
  return { real, bytes: size, dataStart, entries, metadata };
}

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Positions in the data part. */
  readonly begin: number;
  readonly end: number;
}

function isWeightDtype(dtype: string): dtype is WeightDtype {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16';
}

async function readHeader(path: string) {
  let file: FileHandle | undefined;
  try {
    const { real, size } = await regularFile(path);
    file = await open(real);
    const prefix = await readExactly(path, file, 0, LENGTH_BYTES);
    const length = prefix.readBigUInt64LE();
    if (length > BigInt(size - LENGTH_BYTES)) {
      throw new CheckpointError(
        path,
        `the header claims ${length} bytes but the file has ${size}; it is cut short or no safetensors file: fetch it again.`,
      );
    }
    if (length > BigInt(MAX_HEADER_BYTES)) {
      throw wrongHeader(path, `it has ${length} bytes and 100 MB is the limit`);
    }
    const header = await readExactly(path, file, LENGTH_BYTES, Number(length));
    return { real, size, header };
  } catch (cause) {
    throw ioError(path, cause);
  } finally {
    await file?.close();
  }
}

async function readExactly(path: string, file: FileHandle, position: number, length: number) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead === length) return buffer;
  throw new CheckpointError(path, 'the file is cut short inside its header; fetch it again.');
}

function parseHeader(path: string, header: Uint8Array): Pick<Declared, 'entries' | 'metadata'> {
  if (header[0] !== '{'.charCodeAt(0)) throw wrongHeader(path, 'it does not begin with {');
  const value = parseJson(path, 'the header', header);
  const { __metadata__: metadata = {}, ...tensors } = isObject(value) ? value : {};
  if (!isTexts(metadata)) throw wrongHeader(path, '__metadata__ may hold only text');
  const entries = Object.entries(tensors).map(([name, raw]) => parseEntry(path, name, raw));
  return { entries, metadata };
}

const isTexts = (value: unknown): value is Record<string, string> =>
  isObject(value) && Object.values(value).every((text) => typeof text === 'string');

function parseEntry(path: string, name: string, raw: unknown): Entry {
  const label = `tensor ${printable(name)}`;
  if (!isHarmlessName(name)) throw wrongHeader(path, `${label} has a name that can't be shown`);
  if (!isObject(raw)) throw wrongHeader(path, `${label} is not described by an object`);
  const { dtype, shape, data_offsets: range } = raw;
  const width = typeof dtype === 'string' ? WIDTHS.get(dtype) : undefined;
  if (typeof dtype !== 'string' || width === undefined) {
    throw wrongHeader(path, `${label} has the unknown type ${printable(dtype)}`);
  }
  if (!isSizes(shape) || shape.length > MAX_RANK) {
    throw wrongHeader(path, `${label} has a shape that is no short list of sizes`);
  }
  if (!isSizes(range) || range.length !== 2) {
    throw wrongHeader(path, `${label} has data_offsets that are no pair of positions`);
  }
  const [begin, end] = range as [number, number];
  const bytes = shape.reduce((product, n) => product * n, width);
  if (!Number.isSafeInteger(bytes) || end - begin !== bytes) {
    throw wrongHeader(
      path,
      `${label} of type ${dtype} and shape [${shape.join(', ')}] can't fill bytes ${begin} to ${end}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

function wrongHeader(path: string, problem: string): CheckpointError {
  return new CheckpointError(path, `the safetensors header is wrong: ${problem}; fetch it again.`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

/** Names end up in messages and graphs: no control, format or half characters. */
function isHarmlessName(name: string): boolean {
  return name.length > 0 && name.length <= 1024 && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name);
}

function checkTiling(path: string, entries: readonly Entry[], dataBytes: number): void {
  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin !== end) {
      const what = entry.begin < end ? 'overlaps the tensor before it' : 'leaves a hole before it';
      throw new CheckpointError(
        path,
        `tensor ${printable(entry.name)} ${what}; the file is damaged: fetch it again.`,
      );
    }
    end = entry.end;
  }
  if (end !== dataBytes) {
    throw new CheckpointError(
      path,
      `the header promises ${end} bytes of tensors but the file holds ${dataBytes}; it is cut short or damaged: fetch it again.`,
    );
  }
}
