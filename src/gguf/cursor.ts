import { CheckpointError } from '../contracts/errors.ts';

/** The header goes on after the part of the file that was given. */
export class WindowEnd extends Error {}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the start of a file of `size` bytes, little-endian. Lengths are held against the file before anything is
 * allocated for them.
 * @throws CheckpointError for lengths that the file can't have, WindowEnd for those that only `window` hasn't.
 */
export function createCursor(path: string, window: Uint8Array, size: number) {
  const view = new DataView(window.buffer, window.byteOffset, window.byteLength);
  let at = 0;

  const wrong = (problem: string) =>
    new CheckpointError(path, `the GGUF header is wrong: ${problem}; fetch the file again.`);

  /** The position of the next `bytes`. */
  function pass(bytes: number, what: string): number {
    if (bytes > size - at) {
      throw new CheckpointError(
        path,
        `the file ends inside ${what} (${bytes} bytes at ${at}, file of ${size}); it is cut short or damaged: fetch it again.`,
      );
    }
    if (bytes > window.length - at) throw new WindowEnd();
    at += bytes;
    return at - bytes;
  }

  const u32 = () => view.getUint32(pass(4, 'the header'), true);
  const u64 = () => view.getBigUint64(pass(8, 'the header'), true);

  /** How many of something follow; each takes a byte at least. */
  function count(what: string, most: number): number {
    const number = u64();
    if (number <= BigInt(Math.min(most, size))) return Number(number);
    throw wrong(`it claims ${number} ${what}`);
  }

  /** A copy of the next bytes. */
  function take(bytes: number, what: string): ArrayBuffer {
    const begin = pass(bytes, what);
    return new Uint8Array(window.subarray(begin, begin + bytes)).buffer;
  }

  function text(what: string): string {
    const bytes = count(`bytes in ${what}`, Number.MAX_SAFE_INTEGER);
    const begin = pass(bytes, what);
    try {
      return utf8.decode(window.subarray(begin, begin + bytes));
    } catch {
      throw wrong(`${what} is not UTF-8`);
    }
  }

  return { u32, u64, count, take, text, wrong, position: () => at };
}
