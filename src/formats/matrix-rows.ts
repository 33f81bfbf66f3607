import { type FileHandle, open } from 'node:fs/promises';
import type { TensorRef } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';
import { widenF16 } from './read-tensor.ts';

/** Rows that are read at once. */
const STRIPE = 64;

/**
 * How stored matrices are read row by row, widened without loss: each row [in] lasts until the next is asked for.
 * @throws CheckpointError where a file can't be read
 */
export function matrixRows(): (matrix: TensorRef) => AsyncGenerator<Float32Array> {
  // Looking a half up is faster than working it out, and a model has billions.
  const halves = Float32Array.from({ length: 1 << 16 }, (_, half) => widenF16(half));
  return (matrix) => rowsOf(matrix, halves);
}

async function* rowsOf(ref: TensorRef, halves: Float32Array): AsyncGenerator<Float32Array> {
  const [rows, into] = ref.shape as [number, number];
  const rowBytes = ref.bytes / rows;
  const stored = new ArrayBuffer(STRIPE * rowBytes);
  const row = new Float32Array(into);
  const file = await openFile(ref.path);
  try {
    for (let first = 0; first < rows; first += STRIPE) {
      const count = Math.min(STRIPE, rows - first);
      const bytes = new Uint8Array(stored, 0, count * rowBytes);
      await fill(file, ref, bytes, ref.offset + first * rowBytes);
      for (let index = 0; index < count; index++) {
        widenRow(ref, stored, index * rowBytes, row, halves);
        yield row;
      }
    }
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (cause) {
    throw ioError(path, cause);
  }
}

async function fill(file: FileHandle, ref: TensorRef, into: Uint8Array, position: number) {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await file
      .read(into, done, into.length - done, position + done)
      .catch((cause: unknown) => {
        throw ioError(ref.path, cause);
      });
    if (bytesRead === 0) {
      throw new CheckpointError(
        ref.path,
        `the file ends inside tensor ${ref.name}; fetch it again.`,
      );
    }
    done += bytesRead;
  }
}

function widenRow(
  { dtype }: TensorRef,
  stored: ArrayBuffer,
  at: number,
  row: Float32Array,
  halves: Float32Array,
): void {
  if (dtype === 'F32') {
    row.set(new Float32Array(stored, at, row.length));
    return;
  }
  const half = new Uint16Array(stored, at, row.length);
  if (dtype === 'F16') {
    for (let i = 0; i < row.length; i++) row[i] = halves[half[i] as number] as number;
    return;
  }
  const bits = new Uint32Array(row.buffer); // bfloat16 is the upper half of a float32
  for (let i = 0; i < row.length; i++) bits[i] = (half[i] as number) << 16;
}
