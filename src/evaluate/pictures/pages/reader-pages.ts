import type { RgbImage } from '../../../contracts/image.ts';
import { drawPage } from './draw-page.ts';
import { layPage, type PageFonts } from './lay-page.ts';
import { KINDS, type Kind, type Page } from './page.ts';

/** How many pages of each kind. */
const COUNTS: Readonly<Record<Kind, number>> = {
  clean: 12,
  sizes: 8,
  turned: 8,
  noisy: 8,
  faint: 8,
  screen: 8,
  receipt: 8,
};

/** The 60 pages, drawn one by one in fonts that fontconfig must know. */
export async function* readerPages(
  fonts: PageFonts,
): AsyncGenerator<{ page: Page; image: RgbImage }> {
  for (const kind of KINDS) {
    for (let seed = 1; seed <= COUNTS[kind]; seed++) {
      const page = layPage(kind, seed, fonts);
      yield { page, image: await drawPage(page, seed) };
    }
  }
}
