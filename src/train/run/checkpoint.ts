/**
 * A checkpoint: a folder with weights and moments in `state.safetensors`, and the rest of a run's state, with that
 * file's hash, in `state.json`. It is written under another name and renamed, so that it is whole where it is there.
 */
import { createHash } from 'node:crypto';
import { readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { RunFolderError } from '../../contracts/errors.ts';
import { hashFile } from '../../files/hash-file.ts';
import { errorCode, ioError } from '../../files/io-error.ts';
import { jsonIn } from '../../files/json-file.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { readSafetensorsHeader } from '../../safetensors/safetensors.ts';
import { type StoredTensor, safetensorsPieces } from '../../safetensors/write-safetensors.ts';
import { type Disk, flush, writeError } from './disk.ts';

/** All that the next step depends on, beside the run's config and data. Tensors come back bit for bit. */
export interface TrainingState {
  /** Steps done. */
  readonly step: number;
  /** Weights, moments of the optimiser and what else is numbers, by the caller's names; they come back in their order. */
  readonly tensors: ReadonlyMap<string, StateTensor>;
  /** Finite numbers, such as places in a random sequence. */
  readonly counters: Readonly<Record<string, number>>;
  /** Of exactly these weights, if they were judged: by them the best checkpoint is told, which stays. */
  readonly validationLoss?: number;
  readonly tokensPerPass?: number;
}

export interface StateTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const TENSORS = 'state.safetensors';
const STATE = 'state.json';

const factsSchema = z.strictObject({
  format: z.literal(1),
  step: z.int().nonnegative(),
  counters: z.record(z.string(), z.number()),
  validationLoss: z.number().exactOptional(),
  tokensPerPass: z.number().exactOptional(),
  run: z.string(),
  sha256: z.string(),
});

/** What a checkpoint says of itself. `run` is the hash of the config and data that it belongs to. */
export type CheckpointFacts = z.infer<typeof factsSchema>;

/**
 * Writes a checkpoint as `path`, in place of what may stand there.
 * @param lastGood the checkpoint before, for the error's message
 * @throws DiskFullError where there is no room, CheckpointError where it can't be written; nothing of it stays then
 */
export async function writeCheckpoint(
  path: string,
  { tensors, ...rest }: TrainingState,
  run: string,
  disk: Disk,
  lastGood: string | undefined,
): Promise<void> {
  const partial = partialPath(path, 'new');
  const stored = [...tensors].map(
    ([name, { shape, data }]): StoredTensor => ({ name, shape, dtype: 'F32', data }),
  );
  const { bytes, pieces } = safetensorsPieces(stored);
  const hash = createHash('sha256');
  try {
    await makeFolder(partial);
    await disk.create(join(partial, TENSORS), hashed(pieces, hash));
    const facts = { format: 1 as const, ...rest, run, sha256: hash.digest('hex') };
    const text = `${JSON.stringify(factsSchema.parse(facts), null, 2)}\n`;
    await disk.create(join(partial, STATE), [Buffer.from(text)]);
    await flush(partial);
    await removeCheckpoint(path);
    await rename(partial, path);
    await flush(dirname(path));
  } catch (cause) {
    await rm(partial, { recursive: true, force: true });
    throw writeError(join(path, TENSORS), bytes, lastGood, cause);
  }
}

/** Removes a checkpoint, if there is one, so that a kill leaves all of it or nothing under its name. */
export async function removeCheckpoint(path: string): Promise<void> {
  const partial = partialPath(path, 'old');
  try {
    await rename(path, partial);
    await rm(partial, { recursive: true });
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') throw ioError(path, cause);
  }
}

/** Where a checkpoint is while it is written or removed. */
const partialPath = (path: string, what: 'new' | 'old'): string =>
  join(dirname(path), `partial-${what}-${basename(path)}`);

/** One that is found was left by a killed process. */
export const isPartialName = (name: string): boolean => name.startsWith('partial-');

function* hashed(pieces: Iterable<Uint8Array>, hash: { update(piece: Uint8Array): unknown }) {
  for (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}

/**
 * Reads a checkpoint, after its hash was found right.
 * @throws RunFolderError if it is damaged
 */
export async function readCheckpoint(path: string): Promise<TrainingState> {
  const { format: _, run: __, sha256, ...rest } = await readFacts(path);
  const file = join(path, TENSORS);
  const found = await hashFile(file).catch((cause) => missing(file, cause));
  if (found !== sha256) throw new RunFolderError(file, 'its hash is not the one in state.json.');
  const tensors = new Map<string, StateTensor>();
  for (const [name, ref] of await readSafetensorsHeader(file)) {
    tensors.set(name, { shape: ref.shape, data: await readFloats(ref) });
  }
  return { ...rest, tensors };
}

/**
 * Reads what a checkpoint says of itself, not its tensors.
 * @throws RunFolderError if that is damaged
 */
export async function readFacts(path: string): Promise<CheckpointFacts> {
  const file = join(path, STATE);
  const text = await readFile(file, 'utf8').catch((cause) => missing(file, cause));
  const read = factsSchema.safeParse(jsonIn(text));
  if (read.success) return read.data;
  throw new RunFolderError(file, 'this is not the state of a run.');
}

function missing(file: string, cause: unknown): never {
  if (errorCode(cause) !== 'ENOENT') throw ioError(file, cause);
  throw new RunFolderError(file, 'there is no such file.', { cause });
}
