/**
 * Writes a model folder in Hugging Face's layout that is either there as a whole or not at all: beside its place, piece
 * by piece, then renamed. Weights above the shard size go into several files under an index.
 */
import { copyFile, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { CheckpointError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';
import { fileExists } from '../files/json-file.ts';
import { makeFolder } from '../files/make-folder.ts';
import { freeBytes } from '../files/sizes.ts';
import { writeFlushed } from '../files/write-file.ts';
import {
  type StreamedTensor,
  streamSafetensors,
  tensorBytes,
} from '../safetensors/write-safetensors.ts';

export interface ModelFolder {
  readonly tensors: readonly StreamedTensor[];
  /** What takes the place of tensors of these names, in a last file of its own: the other files are cut as without it. */
  readonly moved?: ReadonlyMap<string, StreamedTensor>;
  /** Content of the text files, by name. */
  readonly texts: ReadonlyMap<string, string>;
  /** Files to copy, by the name they get. */
  readonly copies?: ReadonlyMap<string, string>;
}

export interface WriteOptions {
  /** Told how many bytes are written, now and then, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops the writing, and nothing stays. */
  readonly signal?: AbortSignal;
  /** Weights of one file, at most, unless one tensor is larger. */
  readonly shardBytes?: number;
}

const SHARD_BYTES = 4 * 2 ** 30;
/** Files take whole blocks, and folders some too. */
const MARGIN = 1 << 20;

/**
 * @returns the bytes written
 * @throws CheckpointError where something stands at `out`, the disk has no room, or it can't be written; the signal's
 * reason where it is stopped. Nothing stays in either case.
 */
export async function writeModelFolder(
  out: string,
  { tensors, moved = new Map(), texts, copies = new Map() }: ModelFolder,
  { onProgress = () => {}, signal, shardBytes = SHARD_BYTES }: WriteOptions = {},
): Promise<number> {
  const place = resolve(out);
  const shards = planShards(tensors, shardBytes, moved);
  const contents = new Map([...texts, ...indexOf(shards)]);
  const sizes = await copySizes(copies);
  const weights = shards.map(({ name, tensors }) => ({
    name,
    ...streamSafetensors(tensors, { format: 'pt' }),
  }));
  const total = [
    ...[...contents.values()].map((text) => Buffer.byteLength(text)),
    ...sizes,
    ...weights.map(({ bytes }) => bytes),
  ].reduce((sum, bytes) => sum + bytes, 0);

  let beside: string | undefined;
  try {
    if (await fileExists(place)) {
      throw new CheckpointError(out, 'something is already there; choose a new folder.');
    }
    await makeFolder(dirname(place));
    await checkRoom(place, total);
    beside = await mkdtemp(`${place}.partial-`);
    const draft = join(beside, basename(place)); // made with the permissions of any new folder
    await mkdir(draft);
    let done = 0;
    async function* counted(pieces: AsyncIterable<Uint8Array>) {
      for await (const piece of pieces) {
        signal?.throwIfAborted();
        yield piece;
        done += piece.length;
        onProgress(done, total);
      }
    }
    for (const { name, pieces } of weights) await writeFlushed(join(draft, name), counted(pieces));
    for (const [name, source] of copies) {
      signal?.throwIfAborted();
      await copyFile(source, join(draft, name));
    }
    for (const [name, text] of contents) await writeFlushed(join(draft, name), text);
    signal?.throwIfAborted();
    await rename(draft, place);
    return total;
  } catch (cause) {
    signal?.throwIfAborted();
    throw ioError(out, cause);
  } finally {
    if (beside !== undefined) await rm(beside, { recursive: true, force: true });
  }
}

interface Shard {
  readonly name: string;
  readonly tensors: readonly StreamedTensor[];
}

/** In the order given, each shard as full as it may be. */
function planShards(
  tensors: readonly StreamedTensor[],
  most: number,
  moved: ReadonlyMap<string, StreamedTensor>,
): Shard[] {
  const groups: StreamedTensor[][] = [];
  let room = 0;
  for (const tensor of tensors) {
    const bytes = tensorBytes(tensor);
    const group = groups.at(-1);
    if (group !== undefined && bytes <= room) group.push(tensor);
    else {
      groups.push([tensor]);
      room = most;
    }
    room -= bytes;
  }
  const left = groups.map((group) => group.filter(({ name }) => !moved.has(name)));
  const files = moved.size > 0 ? [...left, [...moved.values()]] : left;
  if (files.length <= 1) return [{ name: 'model.safetensors', tensors }];
  const five = (n: number) => String(n).padStart(5, '0');
  return files.map((file, i) => ({
    name: `model-${five(i + 1)}-of-${five(files.length)}.safetensors`,
    tensors: file,
  }));
}

function indexOf(shards: readonly Shard[]): [string, string][] {
  if (shards.length === 1) return [];
  const all = shards.flatMap(({ tensors }) => tensors);
  const index = {
    metadata: { total_size: all.reduce((sum, tensor) => sum + tensorBytes(tensor), 0) },
    weight_map: Object.fromEntries(
      shards.flatMap(({ name, tensors }) => tensors.map((tensor) => [tensor.name, name])),
    ),
  };
  return [['model.safetensors.index.json', `${JSON.stringify(index, null, 2)}\n`]];
}

async function copySizes(copies: ReadonlyMap<string, string>): Promise<number[]> {
  return Promise.all([...copies.values()].map(async (path) => (await stat(path)).size));
}

async function checkRoom(place: string, needed: number): Promise<void> {
  const free = await freeBytes(dirname(place));
  if (needed + MARGIN <= free) return;
  const gib = (bytes: number) => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
  const problem = `this folder needs ${gib(needed)} and the disk has ${gib(free)} free; make room, or choose another disk.`;
  throw new CheckpointError(place, problem, {
    remedy: { kind: 'use-option', option: 'dtype', to: 'write smaller numbers' },
  });
}
