import { copyFile, lstat, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { errorCode } from '../files/io-error.ts';
import { makeFolder } from '../files/make-folder.ts';
import type { HubFile } from './hub-listing.ts';

/** What systems say that have no symbolic links, or keep them from this user. */
const NO_LINKS: readonly (string | undefined)[] = [
  'EPERM',
  'EACCES',
  'ENOSYS',
  'ENOTSUP',
  'EINVAL',
];

/** Whether a snapshot holds a file as one of its size, whatever its link. */
export async function isInSnapshot(snapshot: string, { path, bytes }: HubFile): Promise<boolean> {
  const found = await stat(join(snapshot, path)).catch(() => undefined);
  return found?.isFile() === true && found.size === bytes;
}

/**
 * Gives the blobs of a snapshot their names: relative links, so that the cache can be moved. Where links are not possible
 * the files themselves stand in the snapshot, as Python's huggingface_hub has it, and the blobs are gone.
 * @param link makes a symbolic link
 */
export async function linkSnapshot(
  { blobs, snapshot }: { readonly blobs: string; readonly snapshot: string },
  files: readonly HubFile[],
  link: typeof symlink = symlink,
): Promise<void> {
  const copied = new Set<string>();
  for (const { path, hash } of files) {
    const [place, blob] = [join(snapshot, path), join(blobs, hash)];
    await makeFolder(dirname(place));
    if ((await linkedTo(place)) === hash) continue;
    const beside = `${place}.new`;
    await rm(beside, { force: true });
    try {
      await link(relative(dirname(place), blob), beside);
    } catch (cause) {
      if (!NO_LINKS.includes(errorCode(cause))) throw cause;
      await copyFile(blob, beside);
      copied.add(blob);
    }
    await rename(beside, place);
  }
  for (const blob of copied) await rm(blob);
}

/** The blob that a link names. */
async function linkedTo(place: string): Promise<string | undefined> {
  const found = await lstat(place).catch(() => undefined);
  return found?.isSymbolicLink() ? basename(await readlink(place)) : undefined;
}
