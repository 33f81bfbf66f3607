/**
 * A GIF file cut down to its first frame, without transparency. Libvips paints transparent pixels black; Pillow, whose picture
 * is the reference, keeps the colour that the palette has for them. And frames that are never looked at are never scanned.
 */
import type { RgbImage } from '../../contracts/image.ts';

/** The first frame, and where it lies on the canvas. */
interface GifFrame {
  readonly file: Uint8Array; // a GIF whose canvas is the frame
  readonly left: number;
  readonly top: number;
  readonly canvasWidth: number;
  readonly canvasHeight: number;
  readonly background: Uint8Array; // [3], of the canvas around the frame
}

const SIGNATURE = [0x47, 0x49, 0x46, 0x38, 0x39, 0x61]; // GIF89a
const HEADER_LENGTH = 13;
const DESCRIPTOR_LENGTH = 10;
const EXTENSION = 0x21;
const GRAPHIC_CONTROL = 0xf9;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const INTERLACED = 0x40;
const WHOLE_PALETTE = 0xf7; // flags of a header before 256 colours

/** Undefined where the file ends before its first frame does. */
export function gifFirstFrame(bytes: Uint8Array): GifFrame | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const global = paletteAt(bytes, HEADER_LENGTH, bytes[10] ?? 0);
  let transparent = 0;
  let at = HEADER_LENGTH + global.length;
  while (bytes[at] !== IMAGE) {
    if (at >= bytes.length || bytes[at] === TRAILER) return undefined;
    if (bytes[at] !== EXTENSION) {
      at++; // a stray byte between blocks, which readers skip
      continue;
    }
    const hasTransparency = bytes[at + 1] === GRAPHIC_CONTROL && ((bytes[at + 3] ?? 0) & 1) === 1;
    if (hasTransparency) transparent = bytes[at + 6] ?? 0;
    const end = blocksEnd(bytes, at + 2);
    if (end === undefined) return undefined;
    at = end;
  }

  const flags = bytes[at + 9] ?? 0;
  const local = paletteAt(bytes, at + DESCRIPTOR_LENGTH, flags);
  const start = at + DESCRIPTOR_LENGTH + local.length;
  const end = blocksEnd(bytes, start + 1); // behind the byte that gives the code size
  if (end === undefined) return undefined;
  const left = view.getUint16(at + 1, true);
  const top = view.getUint16(at + 3, true);
  const size = bytes.subarray(at + 5, at + 9);
  const palette = wholePalette(local.length > 0 ? local : global);
  return {
    file: Buffer.concat([
      Uint8Array.of(...SIGNATURE, ...size, WHOLE_PALETTE, 0, 0),
      palette,
      Uint8Array.of(IMAGE, 0, 0, 0, 0, ...size, flags & INTERLACED),
      bytes.subarray(start, end),
      Uint8Array.of(TRAILER),
    ]),
    left,
    top,
    canvasWidth: Math.max(view.getUint16(6, true), left + view.getUint16(at + 5, true)),
    canvasHeight: Math.max(view.getUint16(8, true), top + view.getUint16(at + 7, true)),
    background: palette.subarray(transparent * 3, transparent * 3 + 3),
  };
}

/** The canvas as it stands after the first frame, given the decoded frame. */
export function onCanvas(image: RgbImage, frame: GifFrame): RgbImage {
  const { canvasWidth: width, canvasHeight: height, background } = frame;
  if (image.width === width && image.height === height) return image;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i += 3) data.set(background, i);
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3);
    data.set(row, ((y + frame.top) * width + frame.left) * 3);
  }
  return { width, height, data };
}

/** The colour table at an offset, as the flags before it say: [colours, 3], empty where there is none. */
function paletteAt(bytes: Uint8Array, at: number, flags: number): Uint8Array {
  const colours = (flags & 0x80) === 0 ? 0 : 2 << (flags & 7);
  return bytes.subarray(at, at + colours * 3);
}

/** 256 colours: those that a palette leaves out are black, and where there is none all are greys, as in Pillow. */
function wholePalette(palette: Uint8Array): Uint8Array {
  const whole = new Uint8Array(768);
  if (palette.length === 0) return whole.map((_, i) => Math.trunc(i / 3));
  whole.set(palette);
  return whole;
}

/** The offset behind a chain of sub-blocks and its empty last one. */
function blocksEnd(bytes: Uint8Array, at: number): number | undefined {
  let next = at;
  while (next < bytes.length) {
    const length = bytes[next] as number;
    next += length + 1;
    if (length === 0) return next;
  }
  return undefined;
}
