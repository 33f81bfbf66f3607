import { type FileHandle, open } from 'node:fs/promises';
import { CheckpointError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';
import { regularFile } from '../files/regular-file.ts';
import { WindowEnd } from './cursor.ts';
import { type GgufHeader, parseHeader } from './header.ts';
import { type GgufTensor, placeTensors } from './place-tensors.ts';

/** A GGUF file: what it says of the model, and where its tensors lie. No weight is read yet. */
export interface Gguf {
  readonly path: string;
  readonly bytes: number;
  readonly metadata: GgufHeader['metadata'];
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

/** First look; vocabularies of 50,000 tokens take 2 MB. */
const WINDOW = 4 << 20;
/** No known vocabulary comes near. */
const MAX_HEADER = 64 << 20;

/** @throws CheckpointError where the file can't be read, is cut short, or lies about what it holds. */
export async function readGguf(path: string): Promise<Gguf> {
  let file: FileHandle | undefined;
  try {
    const { real, size } = await regularFile(path);
    file = await open(real);
    const header = await readHeader(path, file, size);
    const tensors = placeTensors(path, header, size);
    return { path: real, bytes: size, metadata: header.metadata, tensors };
  } catch (cause) {
    throw ioError(path, cause);
  } finally {
    await file?.close();
  }
}

async function readHeader(path: string, file: FileHandle, size: number): Promise<GgufHeader> {
  for (let length = WINDOW; ; length *= 4) {
    const window = new Uint8Array(Math.min(length, size));
    const { bytesRead } = await file.read(window, 0, window.length, 0);
    if (bytesRead < window.length) {
      throw new CheckpointError(path, 'the file became shorter while it was read; try again.');
    }
    try {
      return parseHeader(path, window, size);
    } catch (error) {
      if (!(error instanceof WindowEnd)) throw error;
    }
    if (length >= MAX_HEADER) {
      const problem = `the header is longer than ${MAX_HEADER >> 20} MiB; this is no language model.`;
      throw new CheckpointError(path, problem);
    }
  }
}
