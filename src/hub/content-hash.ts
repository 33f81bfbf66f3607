import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

const SHA256_DIGITS = 64;

/** Hash of a file's content as hex, of the kind that `like` is: SHA-256, or Git's SHA-1 of a blob. */
export async function contentHash(path: string, like: string): Promise<string> {
  const isSha256 = like.length === SHA256_DIGITS;
  const hash = createHash(isSha256 ? 'sha256' : 'sha1');
  if (!isSha256) hash.update(`blob ${(await stat(path)).size}\0`);
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece);
  return hash.digest('hex');
}
