import sharp from 'sharp';
import type { Drawn } from './views.ts';

const SIDE = 256;
const SVG_DENSITY = 72;

/** A picture file, an SVG too, whole in a square. */
export async function drawFile(bytes: Uint8Array): Promise<Drawn> {
  const { format, width, height } = await sharp(bytes).metadata();
  const density = (SVG_DENSITY * SIDE) / Math.max(width, height);
  const picture = format === 'svg' ? sharp(bytes, { density }) : sharp(bytes);
  const rgba = await picture
    .resize(SIDE, SIDE, { fit: 'contain', background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .ensureAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
  return { side: SIDE, rgba: new Uint8Array(rgba) };
}
