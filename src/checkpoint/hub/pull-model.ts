/**
 * A model from the hub into the Hugging Face cache. The snapshot appears once all of its blobs are whole, and the branch
 * points to it last: whatever stops a pull, the cache holds a whole model or none, and the same pull goes on.
 */
import { mkdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { DiskSpaceError, ModelNotFoundError } from '../../contracts/errors.ts';
import { ioError } from '../io-error.ts';
import { writeWhole } from '../write-file.ts';
import { cachedSnapshot } from './cached-snapshot.ts';
import { chooseFiles } from './choose-files.ts';
import { fetchBlob, incompletePath } from './fetch-blob.ts';
import type { HubEnvironment } from './hub-environment.ts';
import { type HubFile, type HubListing, hubListing } from './hub-listing.ts';
import { inParallel } from './in-parallel.ts';
import { isInSnapshot, linkSnapshot } from './link-snapshot.ts';
import { type LockModel, lockFolder } from './lock-model.ts';
import { type ModelName, modelFolder } from './model-name.ts';

export interface Pull extends ModelName {
  /** Paths of the only files to fetch. Default: those that a model is loaded from. */
  readonly files?: readonly string[];
  readonly cache: string;
  readonly hub: HubEnvironment;
}

/** What a pull needs of its surroundings. */
export interface PullSetting {
  readonly lock: LockModel;
  readonly signal: AbortSignal;
  readonly sleep: (ms: number) => Promise<void>;
  /** Bytes of all files, those that were there included. */
  readonly onProgress: (done: number, total: number) => void;
  readonly onNotice: (text: string) => void;
}

export interface Pulled {
  /** Folder of the snapshot. */
  readonly folder: string;
  /** Paths of its files that were asked for. */
  readonly files: readonly string[];
  /** Bytes that came over the net, and those of all files. */
  readonly fetchedBytes: number;
  readonly bytes: number;
}

const PARALLEL = 4;

/**
 * @throws GatedModelError, MissingModelError, HubTransferError, DamagedDownloadError, DiskSpaceError, ModelBusyError,
 * CheckpointError where the disk fails; offline ModelNotFoundError; the signal's reason
 */
export async function pullModel(pull: Pull, setting: PullSetting): Promise<Pulled> {
  if (pull.hub.offline) return pulledBefore(pull);
  const listing = await hubListing(pull, { hub: pull.hub, ...setting });
  const files = chooseFiles(pull.model, listing.files, pull.files);
  const locks = lockFolder(pull.cache, pull.model);
  try {
    await mkdir(locks, { recursive: true });
    const unlock = await setting.lock(locks, pull.model);
    try {
      return await fetchSnapshot(pull, listing, files, setting);
    } finally {
      await unlock();
    }
  } catch (cause) {
    throw ioError(pull.cache, cause);
  }
}

async function pulledBefore(pull: Pull): Promise<Pulled> {
  const { cache, model, revision = 'main', files = [] } = pull;
  const folder = cachedSnapshot(cache, pull);
  const absent = await Promise.all(
    files.map((path) => folder && stat(join(folder, path)).catch(() => undefined)),
  );
  if (folder !== undefined && absent.every((found) => found !== undefined)) {
    return { folder, files, fetchedBytes: 0, bytes: 0 };
  }
  const problem = `revision ${revision} is not in ${cache}, or not all of it, and nothing is fetched offline; pull without --offline and HF_HUB_OFFLINE.`;
  throw new ModelNotFoundError(model, problem);
}

async function fetchSnapshot(
  pull: Pull,
  { commit }: HubListing,
  files: readonly HubFile[],
  setting: PullSetting,
): Promise<Pulled> {
  const { model, revision = 'main', cache } = pull;
  const folder = join(cache, modelFolder(model));
  const blobs = join(folder, 'blobs');
  const snapshot = join(folder, 'snapshots', commit);
  await mkdir(blobs, { recursive: true });

  const absent = await absentFrom(snapshot, files);
  const fetchedBytes = await fetchBlobs(pull, { blobs, commit, files, absent }, setting);
  await linkSnapshot({ blobs, snapshot }, absent);
  if (revision !== commit) await writeWhole(join(folder, 'refs', revision), commit);
  return {
    folder: snapshot,
    files: files.map(({ path }) => path),
    fetchedBytes,
    bytes: bytesOf(files),
  };
}

interface Wanted {
  readonly blobs: string;
  readonly commit: string;
  readonly files: readonly HubFile[];
  readonly absent: readonly HubFile[];
}

/** Fetches each blob that is not there, the largest first. @returns bytes that came */
async function fetchBlobs(
  { model, hub }: Pull,
  { blobs, commit, files, absent }: Wanted,
  { signal, sleep, onProgress, onNotice }: PullSetting,
): Promise<number> {
  const unlike = [...new Map(absent.map((file) => [file.hash, file])).values()];
  const states = await Promise.all(unlike.map((file) => stateOf(join(blobs, file.hash), file)));
  const jobs = states
    .filter(({ have, file }) => have < file.bytes || file.bytes === 0)
    .sort((a, b) => b.file.bytes - a.file.bytes);
  const needed = jobs.reduce((sum, { have, file }) => sum + file.bytes - have, 0);
  await requireRoom(blobs, needed);

  const total = bytesOf(files);
  const whole = total - bytesOf(jobs.map(({ file }) => file));
  const have = new Map(jobs.map((job) => [job.file.hash, job.have]));
  let fetched = 0;
  await inParallel(jobs, PARALLEL, signal, async ({ file, blob }, stop) => {
    const url = `${hub.endpoint}/${model}/resolve/${commit}/${urlPath(file.path)}`;
    await fetchBlob(
      { model, file, url, blob },
      { hub, signal: stop, sleep },
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
  const size = (path: string) =>
    stat(path).then(
      (found) => found.size,
      () => undefined,
    );
  const there = await size(blob);
  if (there === file.bytes) return { file, blob, have: file.bytes };
  if (there !== undefined) await rm(blob);
  const part = (await size(incompletePath(blob))) ?? 0;
  return { file, blob, have: part > file.bytes ? 0 : part };
}

async function absentFrom(snapshot: string, files: readonly HubFile[]): Promise<HubFile[]> {
  const there = await Promise.all(files.map((file) => isInSnapshot(snapshot, file)));
  return files.filter((_, at) => !there[at]);
}

async function requireRoom(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (needed > free) throw new DiskSpaceError(folder, needed, free);
}

const bytesOf = (files: readonly HubFile[]): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

const urlPath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
