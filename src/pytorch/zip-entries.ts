/**
 * The entries of a zip archive that are stored uncompressed, as places in the file, so that they can be used where they
 * stand. The archive is taken for hostile: entries must have names of their own, lie before the directory and not
 * overlap, and each entry's own header must agree with the directory. Checksums are not read: weights are too large, and
 * PyTorch can be told to write none.
 */

import type { FileHandle } from 'node:fs/promises';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { CheckpointError } from '../contracts/errors.ts';
import { printable } from '../contracts/printable.ts';
import { errorCode, ioError } from '../files/io-error.ts';

/** Far more than there are tensors in a shard. */
const MAX_ENTRIES = 65_536;

export interface ZipEntry {
  readonly offset: number;
  readonly bytes: number;
}

/** @throws CheckpointError where the archive is damaged, compressed, or says two things */
export async function readZipEntries(
  path: string,
  file: FileHandle,
  size: number,
): Promise<Map<string, ZipEntry>> {
  try {
    const zip = await fromRandomAccessReaderPromise(new FileReader(file, size), size);
    const directory = Number(zip.readEntryCursor); // where it starts
    const spans: Span[] = [];
    for await (const entry of zip.eachEntry()) {
      if (spans.length === MAX_ENTRIES) throw damaged(path, `more than ${MAX_ENTRIES} entries`);
      spans.push(await spanOf(path, zip, entry));
    }
    return disjoint(path, spans, directory);
  } catch (cause) {
    if (cause instanceof CheckpointError) throw cause;
    if (errorCode(cause) !== undefined) throw ioError(path, cause);
    throw damaged(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** An entry with its header, which begins at `begin`. */
interface Span extends ZipEntry {
  readonly name: string;
  readonly begin: number;
}

/** yauzl hands positions from the file to the system, which throws where they are beyond all files. */
class FileReader extends RandomAccessReader {
  readonly #file: FileHandle;
  readonly #size: number;

  constructor(file: FileHandle, size: number) {
    super();
    this.#file = file;
    this.#size = size;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    const end = new Error('it is cut short');
    if (position + length > this.#size) {
      setImmediate(callback, end);
      return;
    }
    this.#file
      .read(buffer, offset, length, position)
      .then(({ bytesRead }) => callback(bytesRead === length ? null : end), callback);
  }
}

async function spanOf(path: string, zip: ZipFile, entry: Entry): Promise<Span> {
  const local = await zip.readLocalFileHeaderPromise(entry);
  if (!local.fileName.equals(entry.fileNameRaw)) {
    throw damaged(path, `the directory's ${entry.fileName} calls itself otherwise`);
  }
  if (entry.compressionMethod !== 0 || local.compressionMethod !== 0 || entry.isEncrypted()) {
    throw new CheckpointError(
      path,
      `its entry ${printable(entry.fileName)} is compressed or encrypted, so that it can't be used in place; write the file again with torch.save.`,
    );
  }
  return {
    name: entry.fileName,
    begin: entry.relativeOffsetOfLocalHeader,
    offset: local.fileDataStart,
    bytes: entry.uncompressedSize,
  };
}

function disjoint(path: string, spans: readonly Span[], directory: number): Map<string, ZipEntry> {
  const entries = new Map<string, ZipEntry>();
  let end = 0;
  for (const { name, begin, offset, bytes } of spans.toSorted((a, b) => a.begin - b.begin)) {
    if (begin < end) throw damaged(path, `entry ${name} overlaps the one before it`);
    if (entries.has(name)) throw damaged(path, `entry ${name} stands there twice`);
    end = offset + bytes;
    if (end > directory) throw damaged(path, `entry ${name} ends beyond the directory`);
    entries.set(name, { offset, bytes });
  }
  return entries;
}

function damaged(path: string, problem: string, cause?: unknown): CheckpointError {
  const message = `the zip archive is damaged (${printable(problem)}); fetch it again.`;
  return new CheckpointError(path, message, { cause });
}
