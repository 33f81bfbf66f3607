/** What a PNG says beside its pixels, before or after them, that tells which way is up. Of several the last counts. */
import { inflateSync } from 'node:zlib';

const SIGNATURE = 8;
const LONGEST_TEXT = 2 ** 20;
const PROFILE = 'Raw profile type exif';
const XMP = 'XML:com.adobe.xmp';

export interface PngTexts {
  readonly exif?: Uint8Array;
  readonly xmp?: string;
}

export function pngTexts(png: Uint8Array): PngTexts {
  const file = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  let exif: Uint8Array | undefined;
  const texts = new Map<string, string>();
  for (let at = SIGNATURE; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    const data = file.subarray(at + 8, at + 8 + length);
    if (type === 'eXIf') exif = data;
    else if (/^(tE|zT|iT)Xt$/.test(type)) {
      const read = textOf(type, data);
      if (read !== undefined) texts.set(...read);
    }
    at += 12 + length;
  }
  const profile = texts.get(PROFILE);
  exif ??= profile === undefined ? undefined : bytesOf(profile);
  const xmp = texts.get(XMP);
  return { ...(exif && { exif }), ...(xmp !== undefined && { xmp }) };
}

/** The keyword and the text of a chunk; undefined for keywords that tell nothing here, and for damaged ones. */
function textOf(type: string, data: Buffer): [string, string] | undefined {
  const end = data.indexOf(0);
  const keyword = data.toString('latin1', 0, Math.max(end, 0));
  if (keyword !== PROFILE && keyword !== XMP) return undefined;
  const rest = data.subarray(end + 1);
  if (type === 'tEXt') return [keyword, rest.toString('latin1')];
  if (type === 'zTXt') return packed(keyword, rest.subarray(1), 'latin1');
  const language = rest.indexOf(0, 2);
  const translated = rest.indexOf(0, language + 1);
  const text = rest.subarray(translated + 1);
  return rest[0] === 1 ? packed(keyword, text, 'utf8') : [keyword, text.toString('utf8')];
}

function packed(keyword: string, data: Buffer, as: BufferEncoding): [string, string] | undefined {
  try {
    return [keyword, inflateSync(data, { maxOutputLength: LONGEST_TEXT }).toString(as)];
  } catch {
    return undefined; // damaged: Pillow has no such text either
  }
}

/** ImageMagick's form: a line each of nothing, a name and a length, then hexadecimal lines. */
function bytesOf(profile: string): Uint8Array {
  return Buffer.from(profile.split('\n').slice(3).join('').replace(/\s/g, ''), 'hex');
}
