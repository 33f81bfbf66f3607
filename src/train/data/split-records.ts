/**
 * Cuts a file of records into its records while it is read, so that a file may be larger than memory and one broken
 * record costs no other. Works on bytes: in UTF-8 those of JSON's own characters occur nowhere else.
 */

/** A record's bytes, or why there are none: of the record, or without an index of all that would follow. */
export type CutRecord =
  | { readonly index: number; readonly bytes: Uint8Array }
  | { readonly index?: number; readonly broken: string };

type Chunks = AsyncIterable<Uint8Array>;

const MAX_BYTES = 64 * 2 ** 20;

const code = (character: string) => character.charCodeAt(0);
const NEWLINE = code('\n');
const QUOTE = code('"');
const BACKSLASH = code('\\');
const COMMA = code(',');
const OPEN_LIST = code('[');
const CLOSE_LIST = code(']');
const OPEN_OBJECT = code('{');
const CLOSE_OBJECT = code('}');
const isSpace = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/** The lines that are not blank, by their numbers. */
export async function* splitLines(chunks: Chunks): AsyncGenerator<CutRecord> {
  const line = collector();
  let index = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      line.push(chunk.subarray(start, end));
      if (!line.isBlank()) yield line.take(index);
      line.clear();
      index++;
      start = end + 1;
    }
    line.push(chunk.subarray(start));
  }
  if (!line.isBlank()) yield line.take(index);
}

/** The elements of the JSON list that opens with the first byte that is no white space. */
export async function* splitList(chunks: Chunks): AsyncGenerator<CutRecord> {
  const element = collector();
  let index = 0;
  let place: 'before' | 'inside' | 'behind' | 'lost' = 'before';
  let depth = 0;
  let inString = false;
  let escaped = false;
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length && place !== 'lost'; at++) {
      const byte = chunk[at] as number;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (place === 'before') {
        if (byte !== OPEN_LIST) continue;
        place = 'inside';
        start = at + 1;
      } else if (place === 'behind') {
        if (isSpace(byte)) continue;
        place = 'lost';
        yield { broken: `something stands behind the end of its list, after record ${index - 1}` };
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth++;
      else if (depth > 0) {
        if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
      } else if (byte === COMMA || byte === CLOSE_LIST) {
        element.push(chunk.subarray(start, at));
        const closes = byte === CLOSE_LIST;
        if (!(closes && index === 0 && element.isBlank())) yield element.take(index++);
        element.clear();
        if (closes) place = 'behind';
        start = at + 1;
      }
    }
    if (place === 'inside') element.push(chunk.subarray(start));
  }
  if (place === 'inside') {
    const broken = `its list is never closed: it is cut short, or a quote or bracket is missing in record ${index}`;
    yield { broken };
  }
}

/** The bytes of one record, in the pieces that they come in; over the limit none are kept. */
function collector() {
  let pieces: Uint8Array[] = [];
  let length = 0;
  return {
    push(piece: Uint8Array): void {
      length += piece.length;
      if (length > MAX_BYTES) pieces = [];
      else if (piece.length > 0) pieces.push(piece);
    },
    isBlank: () => length <= MAX_BYTES && pieces.every((piece) => piece.every(isSpace)),
    take(index: number): CutRecord {
      if (length > MAX_BYTES) return { index, broken: `it is over ${MAX_BYTES / 2 ** 20} MiB` };
      return {
        index,
        bytes: pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces),
      };
    },
    clear(): void {
      pieces = [];
      length = 0;
    },
  };
}
