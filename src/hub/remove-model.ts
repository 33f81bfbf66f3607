import { realpath, rm, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { ModelNotFoundError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';
import { cachedSnapshot } from './cached-snapshot.ts';
import { type ModelName, modelFolder } from './model-name.ts';
import { type CachedModel, type CachedSnapshot, scanModel } from './scan-cache.ts';

/** What is deleted, and what that gains. */
export interface Removal {
  /** Commits whose snapshots go. */
  readonly commits: readonly string[];
  /** Files and folders. */
  readonly paths: readonly string[];
  readonly freedBytes: number;
}

/**
 * Of a model without revision all goes. Of a revision go its snapshot, all names of it, and the blobs that no other
 * snapshot has; where it is the only one, the model's folder.
 * @throws ModelNotFoundError
 */
export async function planRemoval(cache: string, name: ModelName): Promise<Removal> {
  const { model, revision } = name;
  try {
    const found = await scanModel(cache, modelFolder(model));
    const isThere = found.snapshots.length > 0 || found.incompleteBytes > 0;
    if (!isThere) throw notFound(model, `it is not in ${cache}.`);
    if (revision === undefined) return await wholeModel(found);
    const path = cachedSnapshot(cache, name);
    const snapshot = found.snapshots.find((one) => one.path === path);
    if (snapshot !== undefined) return await oneSnapshot(found, snapshot);
    throw notFound(model, `${cache} has no revision ${revision} of it.`);
  } catch (cause) {
    throw ioError(join(cache, modelFolder(model)), cause);
  }
}

const notFound = (model: string, problem: string): ModelNotFoundError =>
  new ModelNotFoundError(model, problem, { remedy: { kind: 'list-models' } });

/** Deletes it; names before what they point to, so that a kill leaves no name of nothing. */
export async function remove({ paths }: Removal): Promise<void> {
  for (const path of paths) {
    try {
      await rm(path, { recursive: true, force: true });
    } catch (cause) {
      throw ioError(path, cause);
    }
  }
}

async function wholeModel({ folder, snapshots, incompleteBytes }: CachedModel): Promise<Removal> {
  const blobs = await inside(folder, new Set(snapshots.flatMap((one) => [...one.blobs])));
  return {
    commits: snapshots.map(({ commit }) => commit),
    paths: ['refs', 'snapshots', ''].map((part) => join(folder, part)),
    freedBytes: (await sizeOf(blobs)) + incompleteBytes,
  };
}

async function oneSnapshot(found: CachedModel, gone: CachedSnapshot): Promise<Removal> {
  const others = found.snapshots.filter((one) => one !== gone);
  if (others.length === 0) return wholeModel(found);
  const needed = new Set(others.flatMap((one) => [...one.blobs]));
  const blobs = await inside(
    found.folder,
    new Set([...gone.blobs].filter((blob) => !needed.has(blob))),
  );
  const refs = gone.refs.map((ref) => join(found.folder, 'refs', ref));
  return {
    commits: [gone.commit],
    paths: [...refs, gone.path, ...blobs],
    freedBytes: await sizeOf(blobs),
  };
}

/** Those below the folder: what a link elsewhere points to is not the cache's. */
async function inside(folder: string, paths: ReadonlySet<string>): Promise<string[]> {
  const real = await realpath(folder);
  return [...paths].filter((path) => `${dirname(path)}${sep}`.startsWith(`${real}${sep}`));
}

async function sizeOf(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
