/**
 * Picture files → RGB, as Hugging Face's `load_image` sees them (Pillow, `exif_transpose`, `convert("RGB")`): turned upright,
 * alpha dropped rather than composited unless a ground is given, colour profiles ignored, an animation's first frame. One deviation, on purpose: 16-bit
 * grey is read by its high byte, where Pillow clips it to white. Decoding is libvips's, through sharp; only the four formats
 * that the bytes themselves show are let through to it.
 */
import type { Sharp } from 'sharp';
import { ImageError } from '../../contracts/errors.ts';
import type { DecodeImage, DecodeSettings, RgbImage } from '../../contracts/image.ts';
import { exifOrientation } from './exif-orientation.ts';
import { gifFirstFrame, onCanvas } from './gif-first-frame.ts';
import { orientImage } from './orient-image.ts';
import { pictureFormat, refusedFormat } from './picture-format.ts';
import { pngTexts } from './png-texts.ts';

/** Most pixels, width × height: as Pillow has it, which a camera of 102 million does not reach. */
const MOST_PIXELS = 178_956_970;

const WHITE = Uint8Array.of(255, 255, 255);

/** A decoder of PNG, JPEG, WebP and GIF files. It throws ImageError, and nothing else, for whatever can't become a picture. */
export function createImageDecoder(maxPixels = MOST_PIXELS): DecodeImage {
  return async ({ name, bytes }, settings = {}) => {
    try {
      return await decodeBytes(bytes, name, maxPixels, settings);
    } catch (error) {
      if (error instanceof ImageError) throw error;
      throw new ImageError(name, damaged(error), { cause: error });
    }
  };
}

async function decodeBytes(
  bytes: Uint8Array,
  name: string,
  maxPixels: number,
  settings: DecodeSettings,
): Promise<RgbImage> {
  const format = pictureFormat(bytes);
  if (format === undefined) throw new ImageError(name, unreadable(bytes));
  if (format !== 'gif') return decodeStill(bytes, name, maxPixels, settings);
  const frame = gifFirstFrame(bytes);
  if (frame === undefined) throw new ImageError(name, 'it is cut short; fetch or save it again.');
  checkPixels(frame.canvasWidth, frame.canvasHeight, maxPixels, name);
  const background = settings.ground === 'white' ? WHITE : frame.background;
  return onCanvas(await decodeStill(frame.file, name, maxPixels, settings), {
    ...frame,
    background,
  });
}

async function decodeStill(
  bytes: Uint8Array,
  name: string,
  maxPixels: number,
  { ground }: DecodeSettings,
): Promise<RgbImage> {
  const { default: sharp } = await import('sharp'); // a twelfth of a second that an answer without pictures spares
  // 'error' fails where Pillow does: on truncated or corrupt data, but not on what a codec only warns about.
  const options = { failOn: 'error', limitInputPixels: maxPixels, ignoreIcc: true } as const;
  const header = await sharp(bytes, { ...options, limitInputPixels: false }).metadata();
  checkPixels(header.width, header.height, maxPixels, name);
  const cmyk = header.space === 'cmyk';
  const pipeline = cmyk
    ? sharp(bytes, options).pipelineColourspace('cmyk').toColourspace('cmyk')
    : onGround(sharp(bytes, options), ground).toColourspace('srgb');
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  const samples = new Uint8Array(data.buffer, data.byteOffset, data.length);
  const image = {
    width: info.width,
    height: info.height,
    data: cmyk ? cmykToRgb(samples) : samples,
  };
  const { exif, xmp } =
    pictureFormat(bytes) === 'png'
      ? pngTexts(bytes)
      : { exif: header.exif, xmp: header.xmpAsString };
  return orientImage(image, exifOrientation(exif) ?? xmpOrientation(xmp));
}

const onGround = (picture: Sharp, ground: DecodeSettings['ground']): Sharp =>
  ground === undefined ? picture.removeAlpha() : picture.flatten({ background: ground });

/** Pillow's conversion, without a profile: the black plate dims what the inks leave. [n, 4] → [n, 3]. */
function cmykToRgb(cmyk: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((cmyk.length / 4) * 3);
  for (let from = 0, to = 0; from < cmyk.length; from += 4) {
    const light = 255 - (cmyk[from + 3] as number);
    for (let ink = 0; ink < 3; ink++) {
      rgb[to++] = Math.max(light - Math.round(((cmyk[from + ink] as number) * light) / 255), 0);
    }
  }
  return rgb;
}

/** Some editors keep the orientation in the XMP packet alone. */
export function xmpOrientation(xmp: string | undefined): number {
  return Number(xmp?.match(/tiff:Orientation(?:="|>)([0-9])/)?.[1] ?? 1);
}

function checkPixels(width: number, height: number, maxPixels: number, name: string): void {
  if (width * height > maxPixels) {
    throw new ImageError(
      name,
      `it has ${width} × ${height} pixels but at most ${maxPixels} are read; use a smaller picture.`,
    );
  }
}

function unreadable(bytes: Uint8Array): string {
  const other = refusedFormat(bytes);
  return other === undefined
    ? 'it is not a picture; give a PNG, JPEG, WebP or GIF file.'
    : `${other} files are not read; convert it to PNG, JPEG, WebP or GIF.`;
}

function damaged(error: unknown): string {
  const said = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
  return `it is damaged or cut short (${said.slice(0, 120)}); fetch or save it again.`;
}
