import sharp from 'sharp';
import type { RgbImage } from '../../../contracts/image.ts';
import { escapeXml } from '../../plot-svg.ts';
import { createDraws } from '../draws.ts';
import type { Patch, Piece, Sheet } from './page.ts';

/** A page as pixels, in fonts that fontconfig knows by then. Noise is drawn by `seed`. */
export async function drawPage(page: Sheet, seed: number): Promise<RgbImage> {
  const drawn = sharp(Buffer.from(svgOf(page)))
    .removeAlpha()
    .toColourspace('srgb')
    .raw();
  const { data, info } = await drawn.toBuffer({ resolveWithObject: true });
  const noisy = withNoise(new Uint8Array(data), page.noise, seed);
  const image = { width: info.width, height: info.height, data: noisy };
  return page.jpeg === undefined ? image : throughJpeg(image, page.jpeg);
}

/** A turned page grows, so that nothing of it is cut off. */
function svgOf({ width, height, ground, patches, rows, turn }: Sheet): string {
  const angle = (Math.abs(turn) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [w, h] = [Math.ceil(width * cos + height * sin), Math.ceil(width * sin + height * cos)];
  const place = `translate(${(w - width) / 2} ${(h - height) / 2}) rotate(${turn} ${width / 2} ${height / 2})`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}">`,
    `<rect width="${w}" height="${h}" fill="${ground}"/><g transform="${place}">`,
    ...patches.map(patchText),
    ...rows.flat().map(pieceText),
    '</g></svg>',
  ].join('\n');
}

const patchText = ({ x, y, width, height, colour, round = 0, hollow }: Patch): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}" ${hollow ? `fill="none" stroke="${colour}"` : `fill="${colour}"`}/>`;

function pieceText({ x, y, text, size, font, colour, bold, anchor = 'start' }: Piece): string {
  const style = `font-family="${font}" font-size="${size}" fill="${colour}" text-anchor="${anchor}"`;
  return `<text x="${x}" y="${y}" ${style}${bold ? ' font-weight="bold"' : ''}>${escapeXml(text)}</text>`;
}

/** Normal noise, by Box and Muller. */
function withNoise(data: Uint8Array, spread: number, seed: number): Uint8Array {
  if (spread === 0) return data;
  const { between } = createDraws(seed);
  const noisy = new Uint8ClampedArray(data);
  for (let i = 0; i < noisy.length; i++) {
    const normal = Math.sqrt(-2 * Math.log(1 - between(0, 1))) * Math.cos(between(0, 2 * Math.PI));
    noisy[i] = (noisy[i] as number) + spread * normal;
  }
  return new Uint8Array(noisy.buffer);
}

async function throughJpeg(image: RgbImage, quality: number): Promise<RgbImage> {
  const { width, height, data } = image;
  const raw = { raw: { width, height, channels: 3 } } as const;
  const file = await sharp(data, raw).jpeg({ quality }).toBuffer();
  return { width, height, data: new Uint8Array(await sharp(file).raw().toBuffer()) };
}
