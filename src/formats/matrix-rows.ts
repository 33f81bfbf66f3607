import { type FileHandle, open } from 'node:fs/promises';
import type { TensorRef } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';
import { STORED_TYPES } from './forms/stored/stored-types.ts';

/** Rows of a piece. */
const STRIPE = 64;

/**
 * Reads a stored matrix some rows at a time, widened without loss: each piece [n · in] lasts until the next is asked for.
 * @throws CheckpointError where a file can't be read
 */
export async function* matrixRows(ref: TensorRef): AsyncGenerator<Float32Array> {
  const [rows, into] = ref.shape as [number, number];
  const rowBytes = ref.bytes / rows;
  const stored = new Uint8Array(STRIPE * rowBytes);
  const { widen } = STORED_TYPES[ref.dtype];
  const piece = new Float32Array(STRIPE * into);
  const file = await openFile(ref.path);
  try {
    for (let first = 0; first < rows; first += STRIPE) {
      const count = Math.min(STRIPE, rows - first);
      const bytes = stored.subarray(0, count * rowBytes);
      await fill(file, ref, bytes, ref.offset + first * rowBytes);
      const some = piece.subarray(0, count * into);
      widen(bytes, some);
      yield some;
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
