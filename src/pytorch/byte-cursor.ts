import { PickleError } from './pickle-value.ts';

/** Walks through bytes; whatever is asked beyond their end is refused before anything is allocated. */
export interface ByteCursor {
  readonly left: () => number;
  readonly uint8: () => number;
  readonly uint16: () => number;
  readonly uint32: () => number;
  readonly int32: () => number;
  /** A length of eight bytes. */
  readonly uint64: () => number;
  readonly float64BE: () => number;
  /** The next bytes, not copied. */
  readonly take: (length: number) => Uint8Array;
  readonly utf8: (length: number) => string;
  /** Text up to a line feed, which is passed over. */
  readonly line: () => string;
}

const LINE_FEED = 0x0a;

export function byteCursor(bytes: Uint8Array): ByteCursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let at = 0;
  const advance = (length: number): number => {
    if (length > bytes.length - at) throw new PickleError('it is cut short');
    at += length;
    return at - length;
  };
  const take = (length: number) => {
    const start = advance(length);
    return bytes.subarray(start, start + length);
  };
  const utf8 = (length: number) => {
    try {
      return decoder.decode(take(length));
    } catch (cause) {
      if (cause instanceof PickleError) throw cause;
      throw new PickleError('it has text that is not UTF-8', { cause });
    }
  };
  return {
    left: () => bytes.length - at,
    uint8: () => view.getUint8(advance(1)),
    uint16: () => view.getUint16(advance(2), true),
    uint32: () => view.getUint32(advance(4), true),
    int32: () => view.getInt32(advance(4), true),
    uint64: () => Number(view.getBigUint64(advance(8), true)),
    float64BE: () => view.getFloat64(advance(8)),
    take,
    utf8,
    line: () => {
      const end = bytes.indexOf(LINE_FEED, at);
      if (end < 0) throw new PickleError('it is cut short');
      const text = utf8(end - at);
      advance(1);
      return text;
    },
  };
}
