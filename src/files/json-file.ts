import { lstat, readFile } from 'node:fs/promises';
import { CheckpointError } from '../contracts/errors.ts';
import { errorCode, ioError } from './io-error.ts';
import { jsonTrap } from './json-trap.ts';
import { regularFile } from './regular-file.ts';

/** Three times the largest tokenizer.json that is published (Gemma 3: 33 MB). */
const MAX_BYTES = 100_000_000;

/** The value in a JSON file of at most 100 MB. Anything but one well-formed value is a CheckpointError. */
export async function readJsonFile(path: string): Promise<unknown> {
  return parseJson(path, 'the file', await readBytes(path));
}

/** UTF-8 JSON in `bytes`, called `what` in messages; jsonTrap says what is refused besides. */
export function parseJson(path: string, what: string, bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const trap = jsonTrap(text);
    if (trap === undefined) return JSON.parse(text);
    throw new CheckpointError(path, `${what} ${trap}; fetch it again.`);
  } catch (cause) {
    if (cause instanceof CheckpointError) throw cause;
    throw new CheckpointError(path, `${what} is not valid JSON; fetch it again.`, { cause });
  }
}

/** Whether something stands at `path`, a link that leads nowhere included. */
export async function fileExists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return false;
    throw ioError(path, cause);
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    const { size } = await regularFile(path);
    if (size <= MAX_BYTES) return await readFile(path);
  } catch (cause) {
    throw ioError(path, cause);
  }
  throw new CheckpointError(path, 'this is over 100 MB, too large for a description of a model.');
}

/** The value of a JSON text; undefined, which no JSON says, where it is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
