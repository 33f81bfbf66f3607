import { open } from 'node:fs/promises';
import type { Stored } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';

/** A weight's place in its file. */
export type FileRef = Pick<Stored, 'name' | 'path' | 'offset' | 'bytes'>;

/**
 * Looks again at the files of weights that could not be bound.
 * @throws CheckpointError if one changed since its header was read.
 */
export async function checkFiles(refs: readonly FileRef[], cause: unknown): Promise<void> {
  for (const { path, name, offset, bytes } of refs) {
    const size = await sizeOf(path);
    if (size !== undefined && size >= offset + bytes) continue;
    const problem =
      size === undefined
        ? 'the file can no longer be read; load the model again, or fetch it again.'
        : `the file ends inside tensor ${name}; fetch it again.`;
    throw new CheckpointError(path, problem, { cause });
  }
}

/** Undefined if the file can't be opened. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    await using file = await open(path);
    return (await file.stat()).size;
  } catch {
    return undefined;
  }
}
