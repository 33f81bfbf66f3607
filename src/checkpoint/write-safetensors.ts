/**
 * Writes safetensors files: u64 length, JSON header padded to 8 bytes, data. The order of the tensors given doesn't
 * matter: wider types stand first, then names in order, as the published writer has it, so that every tensor is aligned.
 */
import { writeWhole } from './write-file.ts';

/** A tensor to be stored; halves as their bits. */
export type StoredTensor = { readonly name: string; readonly shape: readonly number[] } & (
  | { readonly dtype: 'F32'; readonly data: Float32Array }
  | { readonly dtype: 'F16'; readonly data: Uint16Array }
);

/** A file that is written piece by piece, since buffers end where files don't. */
export interface FilePieces {
  readonly bytes: number;
  readonly pieces: Iterable<Uint8Array>;
}

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
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeWhole(path, safetensorsPieces(tensors, metadata).pieces);
}

/** The bytes of a safetensors file that fits into one buffer. */
export function encodeSafetensors(
  tensors: readonly StoredTensor[],
  metadata: Readonly<Record<string, string>> = {},
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
  metadata: Readonly<Record<string, string>> = {},
): FilePieces {
  const ordered = [...tensors].sort(byWidthAndName);
  checkTensors(ordered);
  const header = headerOf(ordered, metadata);
  const data = ordered.reduce((sum, tensor) => sum + tensor.data.byteLength, 0);
  function* pieces() {
    yield header;
    for (const tensor of ordered) yield* slices(tensor.data);
  }
  return { bytes: header.length + data, pieces: { [Symbol.iterator]: pieces } };
}

function byWidthAndName(a: StoredTensor, b: StoredTensor): number {
  const width = b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT;
  return width || (a.name < b.name ? -1 : 1);
}

function checkTensors(tensors: readonly StoredTensor[]): void {
  const names = new Set(['__metadata__']);
  for (const { name, shape, data } of tensors) {
    if (names.has(name)) throw new RangeError(`Two tensors are called ${name}.`);
    names.add(name);
    if (shape.reduce((product, n) => product * n, 1) !== data.length) {
      throw new RangeError(`Tensor ${name} of shape [${shape}] has ${data.length} numbers.`);
    }
  }
}

function headerOf(
  tensors: readonly StoredTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let end = 0;
  const entries = tensors.map(({ name, dtype, shape, data }) => {
    const begin = end;
    end += data.byteLength;
    return [name, { dtype, shape, data_offsets: [begin, end] }] as const;
  });
  const texts = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  const first = texts.length > 0 ? [['__metadata__', Object.fromEntries(texts)] as const] : [];
  const json = Buffer.from(JSON.stringify(Object.fromEntries([...first, ...entries])));
  const padded = Math.ceil(json.length / 8) * 8;
  const header = Buffer.alloc(8 + padded, ' ');
  header.writeBigUInt64LE(BigInt(padded));
  json.copy(header, 8);
  return header;
}

function* slices({ buffer, byteOffset, byteLength }: ArrayBufferView): Generator<Uint8Array> {
  for (let begin = 0; begin < byteLength; begin += PIECE_BYTES) {
    yield new Uint8Array(buffer, byteOffset + begin, Math.min(PIECE_BYTES, byteLength - begin));
  }
}
