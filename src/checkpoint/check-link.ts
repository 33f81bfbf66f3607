import { realpath } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { CheckpointError } from '../contracts/errors.ts';
import { printable } from '../contracts/printable.ts';
import { ioError } from '../files/io-error.ts';

/** A file of a Hugging Face cache, by the hash of its content. */
const BLOB = /[\\/]models--[^\\/]+[\\/]blobs[\\/][0-9a-f]{40,64}$/;

/**
 * Whether a file of a folder lies where a model's files may.
 * @throws CheckpointError where it is a link that leads elsewhere
 */
export async function checkLink(dir: string, path: string): Promise<void> {
  try {
    const [folder, real] = [await realpath(dir), await realpath(path)];
    if (`${dirname(real)}${sep}`.startsWith(`${folder}${sep}`) || BLOB.test(real)) return;
    throw new CheckpointError(
      path,
      `the link leads out of its folder, to ${printable(real)}; put the file itself here.`,
    );
  } catch (cause) {
    throw ioError(path, cause);
  }
}
