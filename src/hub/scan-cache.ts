/**
 * What the cache holds, by whomever it was put there. The library's scan is not used: it passes over folders inside of
 * snapshots and branches with a slash, so that their blobs would count as unused.
 */
import type { Dirent } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, ioError } from '../files/io-error.ts';
import { modelIn } from './snapshot-name.ts';

export interface CachedSnapshot {
  readonly commit: string;
  /** Branches and tags that point to it. */
  readonly refs: readonly string[];
  readonly path: string;
  /** Of its files, shared ones included. */
  readonly bytes: number;
  /** When one of its files was read last, as far as the disk keeps that. */
  readonly usedAt: Date;
  /** Real paths of its files. */
  readonly blobs: ReadonlySet<string>;
}

export interface CachedModel {
  readonly model: string;
  readonly folder: string;
  readonly snapshots: readonly CachedSnapshot[];
  /** Of downloads that were stopped. */
  readonly incompleteBytes: number;
}

/** All models, by name. */
export async function scanCache(cache: string): Promise<CachedModel[]> {
  const folders = (await entriesOf(cache)).filter(({ name }) => name.startsWith('models--'));
  const models = await Promise.all(folders.map(({ name }) => scanModel(cache, name)));
  return models.sort((a, b) => (a.model < b.model ? -1 : 1));
}

/** @param name of the model's folder */
export async function scanModel(cache: string, name: string): Promise<CachedModel> {
  const folder = join(cache, name);
  const refs = await refsOf(join(folder, 'refs'));
  const commits = (await entriesOf(join(folder, 'snapshots'))).filter((one) => one.isDirectory());
  const snapshots = await Promise.all(
    commits.map(({ name: commit }) =>
      scanSnapshot(join(folder, 'snapshots', commit), commit, refs.get(commit) ?? []),
    ),
  );
  const parts = (await entriesOf(join(folder, 'blobs'))).filter((one) =>
    one.name.endsWith('.incomplete'),
  );
  const sizes = await Promise.all(
    parts.map((part) => sizeOf(join(folder, 'blobs', part.name)).then((found) => found.size)),
  );
  return {
    model: modelIn(name),
    folder,
    snapshots,
    incompleteBytes: sizes.reduce((sum, size) => sum + size, 0),
  };
}

async function scanSnapshot(
  path: string,
  commit: string,
  refs: readonly string[],
): Promise<CachedSnapshot> {
  const blobs = new Map<string, { readonly size: number; readonly usedAt: number }>();
  for (const file of await filesBelow(path)) {
    const real = await realpath(join(path, file)).catch(() => undefined); // a link to nowhere
    if (real !== undefined) blobs.set(real, await sizeOf(real));
  }
  const found = [...blobs.values()];
  return {
    ...{ commit, refs, path },
    bytes: found.reduce((sum, { size }) => sum + size, 0),
    usedAt: new Date(Math.max((await sizeOf(path)).usedAt, ...found.map(({ usedAt }) => usedAt))),
    blobs: new Set(blobs.keys()),
  };
}

/** Branches and tags by the commit that they point to. */
async function refsOf(folder: string): Promise<Map<string, string[]>> {
  const refs = new Map<string, string[]>();
  for (const name of await filesBelow(folder)) {
    const commit = (await readFile(join(folder, name), 'utf8')).trim();
    refs.set(commit, [...(refs.get(commit) ?? []), name]);
  }
  return refs;
}

/** Paths from `folder` on, parted by slashes. */
async function filesBelow(folder: string, within = ''): Promise<string[]> {
  const entries = await entriesOf(join(folder, within));
  const found = await Promise.all(
    entries.map((entry) => {
      const path = within === '' ? entry.name : `${within}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(folder, path) : [path];
    }),
  );
  return found.flat().sort();
}

/** Empty if there is no such folder. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT' || errorCode(cause) === 'ENOTDIR') return [];
    throw ioError(folder, cause);
  }
}

async function sizeOf(path: string): Promise<{ size: number; usedAt: number }> {
  const { size, atimeMs } = await stat(path);
  return { size, usedAt: atimeMs };
}
