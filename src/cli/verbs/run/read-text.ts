import { readFile } from 'node:fs/promises';
import { PromptError } from '../../../contracts/errors.ts';
import { errorCode, ioError } from '../../../files/io-error.ts';

/**
 * A file of a request, as text.
 * @param noText what is wrong with one whose bytes are no UTF-8
 * @throws PromptError where there is no such file, and what `noText` makes; CheckpointError if it can't be read
 */
export async function readText(
  path: string,
  noText: (path: string, cause: unknown) => PromptError,
): Promise<string> {
  const bytes = await read(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw noText(path, cause);
  }
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') {
      throw new PromptError(`${path}: there is no such file; check the path.`, { cause });
    }
    throw ioError(path, cause);
  }
}

/** The text that an answer may come out as. */
export const readPrediction = (path: string): Promise<string> =>
  readText(
    path,
    (path, cause) =>
      new PromptError(`${path}: this is not text in UTF-8; give a text file.`, { cause }),
  );
