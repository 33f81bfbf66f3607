import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import { blobName, type Files } from './hub-server.ts';

/** A commit's hash out of one digit. */
export const commitOf = (digit: string): string => digit.repeat(40);

/** An empty cache, and a way to put snapshots into it as huggingface_hub does. */
export function cacheFolder() {
  const cache = tempFolder();
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };
  /** @param refs branches and tags that point to it */
  const put = (folder: string, commit: string, files: Files, refs: readonly string[] = []) => {
    const model = join(cache, folder);
    const snapshot = join(model, 'snapshots', commit);
    for (const [path, content] of Object.entries(files)) {
      const blob = blobName(path, content);
      write(join(model, 'blobs', blob), content);
      mkdirSync(dirname(join(snapshot, path)), { recursive: true });
      symlinkSync(`${'../'.repeat(path.split('/').length + 1)}blobs/${blob}`, join(snapshot, path));
    }
    for (const ref of refs) write(join(model, 'refs', ref), commit);
    return snapshot;
  };
  return { cache, put, write };
}
