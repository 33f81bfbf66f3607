import { type FileHandle, open } from 'node:fs/promises';
import {
  isBlockDtype,
  isInMemory,
  type TensorRef,
  type TensorTable,
  type WeightDtype,
  type WeightRef,
} from '../contracts/checkpoint.ts';
import { CheckpointError, NonFiniteWeightError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';
import { storedBytes, widened } from './forms/stored/stored-types.ts';

/** One read; a multiple of every element's width. */
const CHUNK_BYTES = 4 << 20;

/**
 * A tensor's values, row by row, widened to float32 without loss; where it is in memory, those that are there.
 * @throws CheckpointError where the file can't be read or has become shorter.
 */
export async function readFloats(ref: WeightRef): Promise<Float32Array> {
  if (isInMemory(ref)) return ref.data;
  const buffer = new ArrayBuffer(ref.bytes);
  await withFile(ref.path, async (file) => {
    for (let done = 0; done < ref.bytes; done += CHUNK_BYTES) {
      const length = Math.min(CHUNK_BYTES, ref.bytes - done);
      await readInto(file, ref, new Uint8Array(buffer, done, length), done);
    }
  });
  if (ref.dtype === 'F32') return new Float32Array(buffer);
  return widened(ref.dtype, new Uint8Array(buffer));
}

/**
 * Reads every tensor once, in chunks, and refuses the first that holds NaN or infinity.
 * @throws NonFiniteWeightError, or CheckpointError where a file can't be read.
 */
export async function checkFinite(table: TensorTable): Promise<void> {
  const buffer = new ArrayBuffer(CHUNK_BYTES);
  for (const [path, refs] of byFile(table)) {
    await withFile(path, async (file) => {
      for (const ref of refs) await checkTensor(file, ref, buffer);
    });
  }
}

async function checkTensor(file: FileHandle, ref: TensorRef, buffer: ArrayBuffer): Promise<void> {
  if (isBlockDtype(ref.dtype)) {
    await checkBlocks(file, ref);
    return;
  }
  for (let done = 0; done < ref.bytes; done += CHUNK_BYTES) {
    const length = Math.min(CHUNK_BYTES, ref.bytes - done);
    await readInto(file, ref, new Uint8Array(buffer, 0, length), done);
    // A last single half stands beside zeros.
    new Uint8Array(buffer).fill(0, length, length + (length % 4));
    const words = new Int32Array(buffer, 0, Math.ceil(length / 4));
    if (!allFinite(ref.dtype, words)) throw new NonFiniteWeightError(ref.path, ref.name);
  }
}

/** The scales of blocks lie among their numbers: they are widened. */
async function checkBlocks(file: FileHandle, ref: TensorRef): Promise<void> {
  const step = storedBytes(ref.dtype, CHUNK_BYTES / 4);
  for (let done = 0; done < ref.bytes; done += step) {
    const blocks = new Uint8Array(Math.min(step, ref.bytes - done));
    await readInto(file, ref, blocks, done);
    const values = widened(ref.dtype, blocks);
    if (!allFinite('F32', new Int32Array(values.buffer))) {
      throw new NonFiniteWeightError(ref.path, ref.name);
    }
  }
}

/** The exponent's bits, its lowest bit and the bit above it: of one F32, or of two halves side by side. */
const EXPONENTS = {
  F32: { mask: 0x7f80_0000, lowest: 0x0080_0000, above: 0x8000_0000 },
  F16: { mask: 0x7c00_7c00, lowest: 0x0400_0400, above: 0x8000_8000 },
  BF16: { mask: 0x7f80_7f80, lowest: 0x0080_0080, above: 0x8000_8000 },
} as const satisfies Record<WeightDtype, unknown>;

/** NaN and infinity have all bits of the exponent set: adding its lowest bit then carries into the bit above. */
function allFinite(dtype: WeightDtype, words: Int32Array): boolean {
  const { mask, lowest, above } = EXPONENTS[dtype];
  let carries = 0;
  for (let i = 0; i < words.length; i++) carries |= ((words[i] as number) & mask) + lowest;
  return (carries & above) === 0;
}

/** The tensors of each file in the order of their bytes. */
function byFile(table: TensorTable): Map<string, TensorRef[]> {
  const files = new Map<string, TensorRef[]>();
  for (const ref of table.values()) {
    const refs = files.get(ref.path);
    if (refs === undefined) files.set(ref.path, [ref]);
    else refs.push(ref);
  }
  for (const refs of files.values()) refs.sort((a, b) => a.offset - b.offset);
  return files;
}

async function withFile(path: string, use: (file: FileHandle) => Promise<void>): Promise<void> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    await use(file);
  } catch (cause) {
    throw ioError(path, cause);
  } finally {
    await file?.close();
  }
}

async function readInto(file: FileHandle, ref: TensorRef, into: Uint8Array, from: number) {
  const { bytesRead } = await file.read(into, 0, into.length, ref.offset + from);
  if (bytesRead === into.length) return;
  throw new CheckpointError(ref.path, `the file ends inside tensor ${ref.name}; fetch it again.`);
}
