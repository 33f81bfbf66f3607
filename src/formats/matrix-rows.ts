import { type FileHandle, open } from 'node:fs/promises';
import type { TensorRef } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';
import { widenF16 } from './read-tensor.ts';

/** Rows of a stored matrix, a few at a time. */
export interface MatrixRows {
  /** Row `index` [in], until another is asked for. Rows are read in order. */
  row(index: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** All halves widened: looking one up is faster than working it out, and a model has billions. */
export function halvesTable(): Float32Array {
  return Float32Array.from({ length: 1 << 16 }, (_, half) => widenF16(half));
}

/** @param stripe rows that are read at once */
export async function openMatrixRows(
  ref: TensorRef,
  stripe: number,
  halves: Float32Array,
): Promise<MatrixRows> {
  const [rows, into] = ref.shape as [number, number];
  const rowBytes = ref.bytes / rows;
  const stored = new ArrayBuffer(stripe * rowBytes);
  const row = new Float32Array(into);
  const file = await openFile(ref.path);
  let [first, end] = [0, 0];
  return {
    async row(index) {
      if (index < first || index >= end) {
        [first, end] = [index, Math.min(rows, index + stripe)];
        const into = new Uint8Array(stored, 0, (end - first) * rowBytes);
        await fill(file, ref, into, ref.offset + first * rowBytes);
      }
      widenRow(ref, stored, (index - first) * rowBytes, row, halves);
      return row;
    },
    close: () => file.close(),
  };
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
