/** `msd_import.json` in a folder that an import has finished: which file it came of. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { CheckpointError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';
import { fileExists, readJsonFile } from '../files/json-file.ts';
import { regularFile } from '../files/regular-file.ts';
import type { ImportType } from './plan-import.ts';

export const RECORD_NAME = 'msd_import.json';

const recordSchema = z.object({
  source: z.string(),
  sha256: z.string(),
  dtype: z.enum(['F32', 'F16', 'BF16', 'stored']),
});
export type ImportRecord = z.output<typeof recordSchema>;

/** The record of a file that is about to be imported. Reads all of it. */
export async function importRecord(
  path: string,
  dtype: ImportType,
  {
    onProgress,
    signal,
  }: { onProgress: (done: number, total: number) => void; signal: AbortSignal },
): Promise<ImportRecord> {
  const hash = createHash('sha256');
  try {
    const { size, real } = await regularFile(path);
    let done = 0;
    for await (const piece of createReadStream(real, { highWaterMark: 1 << 20 })) {
      signal.throwIfAborted();
      hash.update(piece);
      done += piece.length;
      onProgress(done, size);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw ioError(path, cause);
  }
  return { source: basename(path), sha256: hash.digest('hex'), dtype };
}

/**
 * Whether the folder `out` is this very import, finished.
 * @throws CheckpointError where something else stands there.
 */
export async function isFinishedImport(out: string, record: ImportRecord): Promise<boolean> {
  if (!(await fileExists(out))) return false;
  const path = join(out, RECORD_NAME);
  const found = (await fileExists(path)) ? recordSchema.safeParse(await readJsonFile(path)) : null;
  const refuse = (what: string) =>
    new CheckpointError(out, `${what}; delete this folder, or choose another.`, {
      remedy: { kind: 'use-option', option: 'out', to: 'choose another folder' },
    });
  if (!found?.success) throw refuse('something is already there that is no finished import');
  const { source, sha256, dtype } = found.data;
  if (sha256 !== record.sha256) throw refuse(`this is an import of another file (${source})`);
  if (dtype !== record.dtype) throw refuse(`this file was imported here as ${dtype}`);
  return true;
}
