import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RgbImage } from '../../src/contracts/image.ts';
import { type Page, truthOf } from '../../src/evaluate/pictures/pages/page.ts';

/** Writes a page and its text for the tests, which have no fonts: noisy ones as JPEG, since noise packs badly. */
export async function sharePage(
  folder: string,
  page: Pick<Page, 'name' | 'rows' | 'jpeg'>,
  { width, height, data }: RgbImage,
): Promise<void> {
  const { default: sharp } = await import('sharp');
  mkdirSync(folder, { recursive: true });
  const picture = sharp(data, { raw: { width, height, channels: 3 } });
  const place = join(folder, page.name);
  await (page.jpeg === undefined
    ? picture.png({ compressionLevel: 9, palette: true, colours: 64 }).toFile(`${place}.png`)
    : picture.jpeg({ quality: page.jpeg }).toFile(`${place}.jpg`));
  writeFileSync(`${place}.txt`, `${truthOf(page)}\n`);
}
