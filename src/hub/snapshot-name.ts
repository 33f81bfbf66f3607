import { relative, sep } from 'node:path';

/**
 * `owner/name@commit`, the commit's first twelve digits, of a snapshot's folder in the cache; undefined of any other. The
 * folder need not be there any more.
 * @param cache real path of the cache
 */
export function snapshotName(cache: string, folder: string): string | undefined {
  const [model = '', snapshots, commit, ...more] = relative(cache, folder).split(sep);
  const isSnapshot = model.startsWith('models--') && snapshots === 'snapshots';
  if (!isSnapshot || commit === undefined || more.length > 0) return undefined;
  return `${modelIn(model)}@${commit.slice(0, 12)}`;
}

/** The model that a folder of the cache is named after. */
export const modelIn = (folder: string): string =>
  folder.slice('models--'.length).replace('--', '/');
