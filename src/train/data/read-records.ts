/** The records of a data file: the elements of a JSON list, or the lines of JSON Lines. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { errorCode } from '../../files/io-error.ts';
import { splitLines, splitList } from './split-records.ts';

/** A record as JSON has it, or the problem with it; without an index the problem is the file's. */
export type RawRecord =
  | { readonly index: number; readonly value: unknown }
  | { readonly index?: number; readonly reason: string };

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const HEAD_BYTES = 65_536;

/**
 * Reads one record after the other. A file named .jsonl or .ndjson holds a record a line, and so does one that begins
 * with an object; one that begins with `[` is a list. Every byte that was read is shown to `onBytes`.
 */
export async function* readRecords(
  file: string,
  onBytes: (bytes: Uint8Array) => void,
): AsyncGenerator<RawRecord> {
  try {
    const head = await readHead(file);
    if (head === undefined) {
      yield { reason: 'this is no regular file; check the path' };
      return;
    }
    const split = splitterOf(file, head);
    if (typeof split === 'string') {
      yield { reason: split };
      return;
    }
    let records = 0;
    for await (const cut of split(bytesOf(file, onBytes))) {
      records++;
      if ('bytes' in cut) yield parsed(cut.index, cut.bytes);
      else if (cut.index === undefined) yield { reason: cut.broken };
      else yield { index: cut.index, reason: cut.broken };
    }
    if (records === 0) yield { reason: 'it holds no records' };
  } catch (cause) {
    const problem = ioProblem(cause);
    if (problem === undefined) throw cause;
    yield { reason: problem };
  }
}

async function readHead(file: string): Promise<Uint8Array | undefined> {
  if (!(await stat(file)).isFile()) return undefined; // opening a pipe would wait for a writer
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function splitterOf(file: string, head: Uint8Array): typeof splitList | string {
  const text = new TextDecoder('utf-8').decode(head).trimStart();
  if (text === '') return 'it is empty';
  if (/^\.(jsonl|ndjson)$/i.test(extname(file))) return splitLines;
  if (text.startsWith('[')) return splitList;
  const end = text.indexOf('\n');
  const firstLine = end < 0 ? undefined : text.slice(0, end);
  const isObject = text.startsWith('{') && (firstLine === undefined || isJson(firstLine));
  return isObject
    ? splitLines
    : 'it is neither a JSON list of records nor JSON Lines, which have a whole record in each line';
}

async function* bytesOf(
  file: string,
  onBytes: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) {
    const bytes: Uint8Array = chunk;
    onBytes(bytes);
    const marked = first && BYTE_ORDER_MARK.every((byte, i) => bytes[i] === byte);
    yield marked ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
    first = false;
  }
}

function parsed(index: number, bytes: Uint8Array): RawRecord {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { index, reason: 'it is not UTF-8 text' };
  }
  try {
    return { index, value: JSON.parse(text) };
  } catch {
    return { index, reason: 'it is not valid JSON' };
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A failure of the file system in words; undefined for anything else, which is a bug. */
function ioProblem(cause: unknown): string | undefined {
  switch (errorCode(cause)) {
    case undefined:
      return undefined;
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file; check the path';
    case 'EACCES':
    case 'EPERM':
      return 'there is no permission to read it; change its permissions';
    default:
      return `it can't be read (${errorCode(cause)}); check the path and the disk`;
  }
}
