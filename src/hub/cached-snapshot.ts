import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isCommit, type ModelName, modelFolder } from './model-name.ts';

/** Folder of a model's snapshot in the cache; undefined if that revision is not there. */
export function cachedSnapshot(
  cache: string,
  { model, revision = 'main' }: ModelName,
): string | undefined {
  const folder = join(cache, modelFolder(model));
  const commit = isCommit(revision) ? revision : commitAt(join(folder, 'refs', revision));
  if (commit === undefined) return undefined;
  const snapshot = join(folder, 'snapshots', commit);
  return statSync(snapshot, { throwIfNoEntry: false })?.isDirectory() ? snapshot : undefined;
}

/** The commit that a file under refs/ names. */
function commitAt(path: string): string | undefined {
  try {
    const commit = readFileSync(path, 'utf8').trim();
    return isCommit(commit) ? commit : undefined;
  } catch {
    return undefined; // no such branch or tag was pulled
  }
}
