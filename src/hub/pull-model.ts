/**
 * A model from the hub into the Hugging Face cache. The snapshot appears once all of its blobs are whole, and the branch
 * points to it last: whatever stops a pull, the cache holds a whole model or none, and the same pull goes on.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelNotFoundError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';
import { makeFolder } from '../files/make-folder.ts';
import { fileSize } from '../files/sizes.ts';
import { writeWhole } from '../files/write-file.ts';
import { cachedSnapshot } from './cached-snapshot.ts';
import { chooseFiles } from './choose-files.ts';
import { type FetchWatch, fetchBlobs } from './fetch-blobs.ts';
import type { HubEnvironment } from './hub-environment.ts';
import { type Asking, type HubFile, type HubListing, hubListing } from './hub-listing.ts';
import { isInSnapshot, linkSnapshot } from './link-snapshot.ts';
import { lockModel } from './lock-model.ts';
import { type ModelName, modelFolder } from './model-name.ts';

export interface Pull extends ModelName {
  /** Paths of the only files to fetch. Default: those that a model is loaded from. */
  readonly files?: readonly string[];
  readonly cache: string;
  readonly hub: HubEnvironment;
}

/** What a pull needs of its surroundings. */
export interface PullSetting extends Omit<Asking, 'hub'>, FetchWatch {}

export interface Pulled {
  /** Folder of the snapshot. */
  readonly folder: string;
  /** Paths of its files that were asked for. */
  readonly files: readonly string[];
  /** Bytes that came over the net, and those of all files. */
  readonly fetchedBytes: number;
  readonly bytes: number;
}

/**
 * @throws GatedModelError, MissingModelError, HubTransferError, DamagedDownloadError, DiskSpaceError, ModelBusyError,
 * CheckpointError where the disk fails; offline ModelNotFoundError; the signal's reason
 */
export async function pullModel(pull: Pull, setting: PullSetting): Promise<Pulled> {
  if (pull.hub.offline) return pulledBefore(pull);
  const listing = await hubListing(pull, { hub: pull.hub, ...setting });
  const files = chooseFiles(pull.model, listing.files, pull.files);
  try {
    const unlock = await lockModel(pull.cache, pull.model);
    try {
      return await fetchSnapshot(pull, listing, files, setting);
    } finally {
      await unlock();
    }
  } catch (cause) {
    throw setting.signal.aborted ? cause : ioError(pull.cache, cause);
  }
}

async function pulledBefore(pull: Pull): Promise<Pulled> {
  const { cache, model, revision = 'main', files } = pull;
  const folder = cachedSnapshot(cache, pull);
  if (folder !== undefined) {
    const paths = files ?? (await readdir(folder));
    const sizes = await Promise.all(paths.map((path) => fileSize(join(folder, path))));
    const there = sizes.filter((size) => size !== undefined);
    const bytes = there.reduce((sum, size) => sum + size, 0);
    if (there.length === paths.length) return { folder, files: paths, fetchedBytes: 0, bytes };
  }
  const problem = `revision ${revision} is not in ${cache}, or not all of it, and nothing is fetched offline, which HF_HUB_OFFLINE asks for too.`;
  throw new ModelNotFoundError(model, problem, {
    remedy: { kind: 'drop-option', option: 'offline' },
  });
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
  await makeFolder(blobs);

  const absent = await absentFrom(snapshot, files);
  const wanted = { model, commit, files: absent, blobs };
  const fetchedBytes = await fetchBlobs(wanted, { ...setting, hub: pull.hub }, setting);
  await linkSnapshot({ blobs, snapshot }, absent);
  if (revision !== commit) await writeWhole(join(folder, 'refs', revision), commit);
  return {
    folder: snapshot,
    files: files.map(({ path }) => path),
    fetchedBytes,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

async function absentFrom(snapshot: string, files: readonly HubFile[]): Promise<HubFile[]> {
  const there = await Promise.all(files.map((file) => isInSnapshot(snapshot, file)));
  return files.filter((_, at) => !there[at]);
}
