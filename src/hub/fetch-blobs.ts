import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DiskSpaceError } from '../contracts/errors.ts';
import { fileSize, freeBytes } from '../files/sizes.ts';
import { fetchBlob, incompletePath } from './fetch-blob.ts';
import type { Asking, HubFile } from './hub-listing.ts';
import { inParallel } from './in-parallel.ts';

const PARALLEL = 4;

interface Wanted {
  readonly model: string;
  readonly commit: string;
  /** Files of one commit; several may have one content. */
  readonly files: readonly HubFile[];
  /** Folder of the blobs; it exists. */
  readonly blobs: string;
}

export interface FetchWatch {
  /** Bytes of all files, those that were there included. */
  onProgress(done: number, total: number): void;
  onNotice(text: string): void;
}

/**
 * Fetches each blob that is not there, the largest first, four at a time.
 * @returns bytes that came
 * @throws DiskSpaceError before anything is fetched, and whatever fetchBlob throws
 */
export async function fetchBlobs(
  { model, commit, files, blobs }: Wanted,
  asking: Asking,
  { onProgress, onNotice }: FetchWatch,
): Promise<number> {
  const unlike = [...new Map(files.map((file) => [file.hash, file])).values()];
  const states = await Promise.all(unlike.map((file) => stateOf(join(blobs, file.hash), file)));
  const jobs = states
    .filter(({ have, file }) => have < file.bytes || file.bytes === 0)
    .sort((a, b) => b.file.bytes - a.file.bytes);
  const needed = jobs.reduce((sum, { have, file }) => sum + file.bytes - have, 0);
  await requireRoom(blobs, needed);

  const total = unlike.reduce((sum, { bytes }) => sum + bytes, 0);
  const whole = jobs.reduce((sum, { file }) => sum - file.bytes, total);
  const have = new Map(jobs.map((job) => [job.file.hash, job.have]));
  let fetched = 0;
  await inParallel(jobs, PARALLEL, asking.signal, async ({ file, blob }, stop) => {
    const url = `${asking.hub.endpoint}/${model}/resolve/${commit}/${urlPath(file.path)}`;
    await fetchBlob(
      { model, file, url, blob },
      { ...asking, signal: stop },
      {
        onBytes: (now) => {
          fetched += Math.max(0, now - (have.get(file.hash) ?? 0));
          have.set(file.hash, now);
          onProgress(
            [...have.values()].reduce((sum, bytes) => sum + bytes, whole),
            total,
          );
        },
        onNotice,
      },
    );
  });
  return fetched;
}

interface BlobState {
  readonly file: HubFile;
  readonly blob: string;
  /** Bytes that are there. */
  readonly have: number;
}

/** A blob of another size than is listed is worth nothing: it goes. */
async function stateOf(blob: string, file: HubFile): Promise<BlobState> {
  const there = await fileSize(blob);
  if (there === file.bytes) return { file, blob, have: file.bytes };
  if (there !== undefined) await rm(blob);
  const part = (await fileSize(incompletePath(blob))) ?? 0;
  return { file, blob, have: part > file.bytes ? 0 : part };
}

async function requireRoom(folder: string, needed: number): Promise<void> {
  const free = await freeBytes(folder);
  if (needed <= free) return;
  const advice = 'set HF_HOME to a folder on another disk.';
  throw new DiskSpaceError(folder, 'the files to fetch', needed, free, advice);
}

const urlPath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
