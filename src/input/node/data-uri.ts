/** The bytes of a `data:` URI (RFC 2397), base64 or percent-encoded; the media type is not believed, the bytes tell. */
import { ImageError } from '../../contracts/errors.ts';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const BAD_ESCAPE = /%(?![0-9a-f]{2})/i;

/** Throws ImageError, of `source`, for a malformed URI or one that holds more than `maxBytes`. */
export function decodeDataUri(uri: string, maxBytes: number, source: string): Uint8Array {
  const comma = uri.indexOf(',');
  if (comma < 0) {
    throw new ImageError(source, 'it has no comma before its data; write data:image/png;base64,…');
  }
  const payload = uri.slice(comma + 1);
  // A byte takes at most four characters (base64, each digit escaped), so a longer text is refused unread.
  if (payload.length > 4 * maxBytes + 4) {
    throw new ImageError(source, `it holds more than ${maxBytes} bytes; use a smaller file.`);
  }
  if (BAD_ESCAPE.test(payload)) {
    throw new ImageError(source, 'it holds a % without two hexadecimal digits; encode it again.');
  }
  const bytes = unescapeBytes(payload);
  return /;\s*base64\s*$/i.test(uri.slice(0, comma)) ? fromBase64(bytes, source) : bytes;
}

/** Line breaks may stand in it; padding may be left out. */
function fromBase64(bytes: Buffer, source: string): Uint8Array {
  const text = bytes.toString('latin1').replace(/\s/g, '');
  const digits = text.replace(/={1,2}$/, '').length;
  if (!BASE64.test(text) || digits % 4 === 1) {
    throw new ImageError(source, 'its base64 text is damaged or cut short; encode it again.');
  }
  return Buffer.from(text, 'base64');
}

function unescapeBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const escaped = bytes[i] === 0x25;
    bytes[length++] = escaped
      ? Number.parseInt(bytes.toString('latin1', i + 1, i + 3), 16)
      : (bytes[i] as number);
    if (escaped) i += 2;
  }
  return bytes.subarray(0, length);
}
