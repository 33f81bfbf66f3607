/** Tells a picture file by its first bytes, so that the codecs are given nothing but the four formats that are read. */

type PictureFormat = 'png' | 'jpeg' | 'webp' | 'gif';

const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));

type Signature<Name> = readonly [name: Name, bytes: readonly number[], offset: number];

const READ: readonly Signature<PictureFormat>[] = [
  ['png', [0x89, ...ascii('PNG\r\n\x1a\n')], 0],
  ['jpeg', [0xff, 0xd8, 0xff], 0],
  ['webp', ascii('WEBP'), 8],
  ['gif', ascii('GIF87a'), 0],
  ['gif', ascii('GIF89a'), 0],
];

const REFUSED: readonly Signature<string>[] = [
  ['TIFF', ascii('II*\0'), 0],
  ['TIFF', ascii('MM\0*'), 0],
  ['BMP', ascii('BM'), 0],
  ['AVIF', ascii('ftypavif'), 4],
  ['AVIF', ascii('ftypavis'), 4],
  ['HEIF', ascii('ftyp'), 4],
  ['JPEG XL', [0xff, 0x0a], 0],
  ['JPEG XL', ascii('JXL \r\n'), 4],
  ['JPEG 2000', ascii('jP  \r\n'), 4],
  ['ICO', [0, 0, 1, 0], 0],
  ['PSD', ascii('8BPS'), 0],
  ['PDF', ascii('%PDF-'), 0],
  ['SVG', ascii('<svg'), 0],
  ['SVG or XML', ascii('<?xml'), 0],
];

function find<Name>(table: readonly Signature<Name>[], bytes: Uint8Array): Name | undefined {
  return table.find(([, signature, offset]) =>
    signature.every((byte, i) => bytes[offset + i] === byte),
  )?.[0];
}

/** The format, if it is one that is read. */
export const pictureFormat = (bytes: Uint8Array) => find(READ, bytes);

/** The name of a known format that is not read. */
export const refusedFormat = (bytes: Uint8Array) => find(REFUSED, bytes);
