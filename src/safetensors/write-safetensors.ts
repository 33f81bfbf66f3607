/**
 * Writes safetensors files: u64 length, JSON header padded to 8 bytes, data. The order of the tensors given doesn't
 * matter: wider types stand first, then names in order, as the published writer has it, so that every tensor is aligned.
 */
import { isBlockDtype, type StoredDtype } from '../contracts/checkpoint.ts';
import type { NumberArray } from '../contracts/model-folder.ts';
import { writeWhole } from '../files/write-file.ts';
import { STORED_TYPES, storedBytes } from '../formats/forms/stored/stored-types.ts';

/** A tensor to be stored; halves as their bits. */
export type StoredTensor = { readonly name: string; readonly shape: readonly number[] } & (
  | { readonly dtype: 'F32'; readonly data: Float32Array }
  | { readonly dtype: 'F16'; readonly data: Uint16Array }
  | NumberArray
);

/** A tensor whose bytes come when they are written, so that a file may be larger than memory. */
export interface StreamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: StoredDtype;
  /** Together as many bytes as the shape takes. */
  readonly pieces: () => AsyncIterable<Uint8Array>;
}

/** A file that is written piece by piece, since buffers end where files don't. */
export interface FilePieces {
  readonly bytes: number;
  readonly pieces: Iterable<Uint8Array>;
}

interface Described extends Pick<StreamedTensor, 'name' | 'shape'> {
  readonly dtype: StoredTensor['dtype'] | StreamedTensor['dtype'];
}
type Metadata = Readonly<Record<string, string>>;

/** Of one number. */
const WHOLE_NUMBERS = { U8: 1, U16: 2, U32: 4 } as const;
const isWholeNumbers = (dtype: Described['dtype']): dtype is keyof typeof WHOLE_NUMBERS =>
  Object.hasOwn(WHOLE_NUMBERS, dtype);

/** No piece is longer. */
const PIECE_BYTES = 64 << 20;

/**
 * Writes a safetensors file whole or not at all.
 * @param metadata texts for the header's `__metadata__`; transformers wants `{ format: 'pt' }`
 * @throws CheckpointError where it can't be written; what stood at `path` is then unchanged.
 */
export async function writeSafetensors(
  path: string,
  tensors: readonly StoredTensor[],
  metadata: Metadata = {},
): Promise<void> {
  await writeWhole(path, safetensorsPieces(tensors, metadata).pieces);
}

/** The bytes of a safetensors file that fits into one buffer. */
export function encodeSafetensors(
  tensors: readonly StoredTensor[],
  metadata: Metadata = {},
): Uint8Array {
  const { bytes, pieces } = safetensorsPieces(tensors, metadata);
  const file = new Uint8Array(bytes);
  let end = 0;
  for (const piece of pieces) {
    file.set(piece, end);
    end += piece.length;
  }
  return file;
}

/** A safetensors file as views of its tensors: nothing is copied, so they must not change until it is written. */
export function safetensorsPieces(
  tensors: readonly StoredTensor[],
  metadata: Metadata = {},
): FilePieces {
  const ordered = inOrder(tensors);
  for (const { name, shape, data } of ordered) {
    if (valuesOf(shape) === data.length) continue;
    throw new RangeError(`Tensor ${name} of shape [${shape}] has ${data.length} numbers.`);
  }
  const { header, dataBytes } = headerOf(ordered, metadata);
  function* pieces() {
    yield header;
    for (const tensor of ordered) yield* slices(tensor.data);
  }
  return { bytes: header.length + dataBytes, pieces: { [Symbol.iterator]: pieces } };
}

/** A safetensors file whose tensors are asked for their bytes one after the other, in the file's order. */
export function streamSafetensors(
  tensors: readonly StreamedTensor[],
  metadata: Metadata = {},
): { readonly bytes: number; readonly pieces: AsyncIterable<Uint8Array> } {
  const ordered = inOrder(tensors);
  const { header, dataBytes } = headerOf(ordered, metadata);
  async function* pieces() {
    yield header;
    for (const tensor of ordered) {
      let left = tensorBytes(tensor);
      for await (const piece of tensor.pieces()) {
        left -= piece.length;
        yield piece;
      }
      if (left !== 0) throw new RangeError(`Tensor ${tensor.name} came ${left} bytes short.`);
    }
  }
  return { bytes: header.length + dataBytes, pieces: { [Symbol.asyncIterator]: pieces } };
}

/** What a tensor takes in a file. */
export function tensorBytes({ shape, dtype }: Pick<Described, 'shape' | 'dtype'>): number {
  const numbers = valuesOf(shape);
  return isWholeNumbers(dtype) ? numbers * WHOLE_NUMBERS[dtype] : storedBytes(dtype, numbers);
}

/** What a tensor's bytes must lie on multiples of: blocks are bytes. */
function alignmentOf({ dtype }: Described): number {
  if (isBlockDtype(dtype)) return 1;
  return isWholeNumbers(dtype) ? WHOLE_NUMBERS[dtype] : STORED_TYPES[dtype].bytes;
}

function valuesOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

function inOrder<T extends Described>(tensors: readonly T[]): T[] {
  const ordered = [...tensors].sort(byWidthAndName);
  const names = new Set(['__metadata__']);
  for (const { name } of ordered) {
    if (names.has(name)) throw new RangeError(`Two tensors are called ${name}.`);
    names.add(name);
  }
  return ordered;
}

function byWidthAndName(a: Described, b: Described): number {
  return alignmentOf(b) - alignmentOf(a) || (a.name < b.name ? -1 : 1);
}

function headerOf(tensors: readonly Described[], metadata: Metadata) {
  let end = 0;
  const entries = tensors.map((tensor) => {
    const begin = end;
    end += tensorBytes(tensor);
    return [tensor.name, { ...declared(tensor, end - begin), data_offsets: [begin, end] }] as const;
  });
  const inBlocks = tensors.filter(({ dtype }) => isBlockDtype(dtype));
  const types = inBlocks.map(({ name, dtype }) => [name, dtype] as const);
  const texts = [...Object.entries(metadata), ...types].sort(([a], [b]) => (a < b ? -1 : 1));
  const first = texts.length > 0 ? [['__metadata__', Object.fromEntries(texts)] as const] : [];
  const json = Buffer.from(JSON.stringify(Object.fromEntries([...first, ...entries])));
  const padded = Math.ceil(json.length / 8) * 8;
  const header = Buffer.alloc(8 + padded, ' ');
  header.writeBigUInt64LE(BigInt(padded));
  json.copy(header, 8);
  return { header, dataBytes: end };
}

/** The format has no blocks: such a matrix is declared as the bytes of its rows, and its type stands in the metadata. */
function declared({ dtype, shape }: Described, bytes: number) {
  const [rows = 1] = shape;
  return isBlockDtype(dtype) ? { dtype: 'U8', shape: [rows, bytes / rows] } : { dtype, shape };
}

function* slices({ buffer, byteOffset, byteLength }: ArrayBufferView): Generator<Uint8Array> {
  for (let begin = 0; begin < byteLength; begin += PIECE_BYTES) {
    yield new Uint8Array(buffer, byteOffset + begin, Math.min(PIECE_BYTES, byteLength - begin));
  }
}
