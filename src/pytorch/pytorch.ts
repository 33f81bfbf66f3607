/**
 * A file of torch.save (PyTorch 1.6 and later): a zip archive of one pickle, which describes the tensors, and one
 * uncompressed entry per storage, which holds their bytes. The tensors are used where they stand. The file is taken for
 * hostile: no code is run, and every place is checked against the file before it is believed.
 */

import { type FileHandle, open } from 'node:fs/promises';
import type { TensorRef } from '../contracts/checkpoint.ts';
import { isIgnoredBuffer } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { printable } from '../contracts/printable.ts';
import { ioError } from '../files/io-error.ts';
import { regularFile } from '../files/regular-file.ts';
import { PickleError } from './pickle-value.ts';
import { readPickle } from './read-pickle.ts';
import { stateDict } from './state-dict.ts';
import { tensorPlaces } from './tensor-places.ts';
import { TORCH_RULES } from './torch-rules.ts';
import { readZipEntries, type ZipEntry } from './zip-entries.ts';

const ZIP_SIGNATURE = Buffer.from('PK\x03\x04', 'latin1');
/** A pickle of the number 0x1950a86a20f9469cfc6c. */
const OLD_SIGNATURE = Buffer.from('80028a0a6cfc9c46f9206aa85019', 'hex');
const MAX_PICKLE_BYTES = 16 << 20;
const MAX_VERSION = 10;

/**
 * The tensors that a file of torch.save holds; buffers that no model needs (isIgnoredBuffer) are left out.
 * @throws CheckpointError where the file can't be opened, is cut short, lies, holds more than tensors, or holds a tensor
 * that can't be bound as it stands
 */
export async function readPytorchHeader(path: string): Promise<Map<string, TensorRef>> {
  try {
    const { real, size } = await regularFile(path);
    const file = await open(real);
    try {
      return await readTensors({ path, real, size, file });
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (!(cause instanceof PickleError)) throw ioError(path, cause);
    const message = `its pickle is refused: ${cause.message}; use a file that holds a state dict and nothing else.`;
    throw new CheckpointError(path, message, { cause });
  }
}

interface Opened {
  /** As given, for messages. */
  readonly path: string;
  readonly real: string;
  readonly size: number;
  readonly file: FileHandle;
}

async function readTensors(opened: Opened): Promise<Map<string, TensorRef>> {
  const { path, real, size, file } = opened;
  await checkSignature(opened);
  const entries = await readZipEntries(path, file, size);
  const archive = archiveName(path, entries);
  const entry = (name: string) => entries.get(`${archive}/${name}`);
  checkVersion(path, await readRecord(opened, 'version', entry('version'), 20));
  checkByteOrder(path, await readRecord(opened, 'byteorder', entry('byteorder'), 20));
  const pickle = await readRecord(opened, 'data.pkl', entry('data.pkl'), MAX_PICKLE_BYTES);
  const tensors = stateDict(readPickle(pickle ?? Buffer.alloc(0), TORCH_RULES));
  const wanted = [...tensors].filter(([name]) => !isIgnoredBuffer(name));
  return tensorPlaces(path, real, wanted, (key) => entry(`data/${key}`));
}

async function checkSignature({ path, file }: Opened): Promise<void> {
  const start = Buffer.alloc(OLD_SIGNATURE.length);
  await file.read(start, 0, start.length, 0);
  if (start.equals(OLD_SIGNATURE)) {
    throw new CheckpointError(
      path,
      'this is the format of torch.save before PyTorch 1.6, which has to be read whole; write it again with torch.save(torch.load(path, weights_only=True), path).',
    );
  }
  if (start.subarray(0, ZIP_SIGNATURE.length).equals(ZIP_SIGNATURE)) return;
  throw new CheckpointError(
    path,
    'this is no file of torch.save, or it is cut short; fetch it again.',
  );
}

/** The folder that all entries share: "archive", or the name under which the file was written. */
function archiveName(path: string, entries: ReadonlyMap<string, ZipEntry>): string {
  const found = [...entries.keys()].flatMap((name) => /^([^/]+)\/data\.pkl$/.exec(name)?.[1] ?? []);
  const [archive] = found;
  if (archive === undefined || found.length > 1) {
    throw new CheckpointError(
      path,
      `the archive holds ${found.length} pickles (data.pkl) where torch.save writes one; use another file.`,
    );
  }
  return archive;
}

async function readRecord(
  { path, file }: Opened,
  name: string,
  entry: ZipEntry | undefined,
  max: number,
): Promise<Buffer | undefined> {
  if (entry === undefined) return undefined;
  if (entry.bytes > max) {
    throw new CheckpointError(
      path,
      `its entry ${name} has ${entry.bytes} bytes and ${max} is the limit; use another file.`,
    );
  }
  const bytes = Buffer.alloc(entry.bytes);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, entry.offset);
  if (bytesRead === bytes.length) return bytes;
  throw new CheckpointError(path, `the file is cut short in ${name}; fetch it again.`);
}

function checkVersion(path: string, record: Buffer | undefined): void {
  const text = record?.toString('latin1') ?? 'missing';
  if (/^\d+\n?$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_VERSION) return;
  throw new CheckpointError(
    path,
    `its format version is ${printable(text)} and 1 to ${MAX_VERSION} are known; write it again with torch.save.`,
  );
}

/** PyTorch before 2.1 did not write it; such files have the order of the machine, and big-endian ones are not known. */
function checkByteOrder(path: string, record: Buffer | undefined): void {
  const order = record?.toString('latin1') ?? 'little';
  if (order === 'little') return;
  throw new CheckpointError(
    path,
    `its byte order is ${printable(order)} and only little can be used in place; write it again on a little-endian machine.`,
  );
}
