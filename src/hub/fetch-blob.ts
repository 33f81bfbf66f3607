/**
 * One file of the hub into the cache's blobs. It grows as `<hash>.incomplete`, which survives whatever stops the program
 * and is gone on with by a range request; it gets its name once its size and hash are those that the hub had listed.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { DamagedDownloadError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';
import type { Asking, HubFile } from './hub-listing.ts';
import { type HubAnswer, hubRequest } from './hub-request.ts';
import { TryAgain, withRetries } from './try-again.ts';

export interface BlobJob {
  readonly model: string;
  readonly file: HubFile;
  readonly url: string;
  /** Where the blob goes. */
  readonly blob: string;
}

export interface BlobWatch {
  /** How many bytes of it there are now; fewer than before where it begins anew. */
  onBytes(have: number): void;
  onNotice(text: string): void;
}

/** What there is of a blob that is not whole. */
export const incompletePath = (blob: string): string => `${blob}.incomplete`;

const GAIN = 2 ** 20; // bytes between failures that renew patience

/** @throws DamagedDownloadError, HubTransferError, CheckpointError where the disk fails, or the signal's reason */
export async function fetchBlob(job: BlobJob, asking: Asking, watch: BlobWatch): Promise<void> {
  const part = incompletePath(job.blob);
  let [have, haveAtFailure] = [0, 0];
  let anew = false;
  const counted = {
    ...watch,
    onBytes: (now: number) => {
      have = now;
      watch.onBytes(now);
    },
  };
  const gained = () => {
    const enough = have - haveAtFailure >= GAIN;
    haveAtFailure = have;
    return enough;
  };
  const attempt = async () => {
    const resumed = await receive(job, part, asking, counted);
    const { hash, path } = job.file;
    if ((await contentHash(part, hash)) === hash) return;
    await rm(part);
    if (!resumed || anew) throw damaged(job, 'does not have the hash that the hub lists');
    anew = true; // another program, or a crash, may have spoilt the part that was there
    watch.onNotice(`${path} was spoilt by what an earlier download had left; it begins anew`);
    throw new TryAgain(job.url, 'sent what does not fit what was there');
  };
  try {
    const { sleep, onRetry } = asking;
    await withRetries(attempt, { sleep, onRetry, gained });
    await rename(part, job.blob);
  } catch (cause) {
    throw ioError(job.blob, cause);
  }
}

/** Fetches what the part lacks, and flushes it. @returns whether bytes of an earlier time are in it */
async function receive(
  job: BlobJob,
  part: string,
  asking: Asking,
  watch: BlobWatch,
): Promise<boolean> {
  const { bytes } = job.file;
  const file = await open(part, 'a');
  try {
    let { size: have } = await file.stat();
    if (have > bytes) have = await emptied(file);
    watch.onBytes(have);
    const resumed = have > 0;
    if (have < bytes) {
      const { answer, from } = await askFrom(job, have, asking);
      if (from < have) have = await emptied(file);
      watch.onBytes(have);
      for await (const piece of answer.pieces) {
        if (have + piece.length > bytes) {
          throw damaged(job, `is longer than the ${bytes} bytes that are listed`);
        }
        await file.appendFile(piece);
        have += piece.length;
        watch.onBytes(have);
      }
      if (have < bytes) throw new TryAgain(job.url, `ended after ${have} of ${bytes} bytes`);
    }
    await file.sync();
    return resumed;
  } catch (cause) {
    if (cause instanceof DamagedDownloadError) await rm(part, { force: true });
    throw cause;
  } finally {
    await file.close();
  }
}

async function emptied(file: FileHandle): Promise<number> {
  await file.truncate(0);
  return 0;
}

/** Asks for the bytes from `have` on; a server that does not give these is asked for all, or gives them by itself. */
async function askFrom(
  job: BlobJob,
  have: number,
  asking: Asking,
): Promise<{ answer: HubAnswer; from: number }> {
  const { url, model, file } = job;
  const { hub, signal, fetch } = asking;
  const headers = have > 0 ? { Range: `bytes=${have}-` } : {};
  const answer = await hubRequest({ url, model, headers, signal, fetch }, hub);
  const problem = contradiction(answer, file);
  if (problem === undefined) {
    if (answer.status === 200) return { answer, from: 0 };
    if (continues(answer, have, file.bytes)) return { answer, from: have };
  }
  await answer.drop();
  if (problem !== undefined) throw damaged(job, problem);
  if (have > 0) return askFrom(job, 0, asking);
  throw new TryAgain(url, `answered with status ${answer.status} to a plain request`);
}

/** What the server says of the file that is not what the hub lists: known before all of it is fetched. */
function contradiction(answer: HubAnswer, { bytes, hash }: HubFile): string | undefined {
  const { status, headers, etag } = answer;
  if (etag !== undefined && etag !== hash) return 'has another hash on the server than is listed';
  const length = status === 200 && !isEncoded(answer) ? headers.get('content-length') : null;
  if (length === null || Number(length) === bytes) return undefined;
  return `has ${length} bytes on the server but ${bytes} are listed`;
}

function continues(answer: HubAnswer, have: number, bytes: number): boolean {
  const range = `bytes ${have}-${bytes - 1}/`;
  const given = answer.headers.get('content-range') ?? '';
  const whole = given === `${range}${bytes}` || given === `${range}*`;
  return answer.status === 206 && whole && !isEncoded(answer);
}

/** Compressed on the way: lengths and ranges then count other bytes. */
const isEncoded = ({ headers }: HubAnswer): boolean =>
  (headers.get('content-encoding') ?? 'identity') !== 'identity';

const damaged = ({ model, file }: BlobJob, problem: string): DamagedDownloadError =>
  new DamagedDownloadError(model, file.path, problem);

const SHA256_DIGITS = 64;

/** Hash of a file's content as hex, of the kind that `like` is: SHA-256, or Git's SHA-1 of a blob. */
async function contentHash(path: string, like: string): Promise<string> {
  const isSha256 = like.length === SHA256_DIGITS;
  const hash = createHash(isSha256 ? 'sha256' : 'sha1');
  if (!isSha256) hash.update(`blob ${(await stat(path)).size}\0`);
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece);
  return hash.digest('hex');
}
