import { type FileHandle, open } from 'node:fs/promises';
import type { TensorRef } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';

/** Bytes that are read together: a call for a few rows would take longer than they take. */
const TOGETHER = 1 << 20;

/**
 * Reads a matrix some whole rows at a time, as they are stored: each piece lasts until the next is asked for.
 * @throws CheckpointError where a file can't be read
 */
export async function* matrixRows(ref: TensorRef): AsyncGenerator<Uint8Array> {
  const rowBytes = ref.bytes / (ref.shape[0] as number);
  const most = Math.max(1, Math.floor(TOGETHER / rowBytes)) * rowBytes;
  const stored = new Uint8Array(Math.min(most, ref.bytes));
  const file = await openFile(ref.path);
  try {
    for (let done = 0; done < ref.bytes; done += most) {
      const rows = stored.subarray(0, ref.bytes - done);
      await fill(file, ref, rows, ref.offset + done);
      yield rows;
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
