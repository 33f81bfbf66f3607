import { openFonts, SEEN_FONTS } from '../pictures/fonts.ts';
import { truthOf } from '../pictures/pages/page.ts';
import { readerPages } from '../pictures/pages/reader-pages.ts';
import { pictureFile } from '../pictures/picture-file.ts';
import type { Suite, SuiteItem } from './suite.ts';

/** Pages whose text is known: clean, small and large, turned, noisy, faint, screens, receipts. */
export async function readingSuite(place: string, say: (line: string) => void): Promise<Suite> {
  await openFonts(place, say);
  const items: SuiteItem[] = [];
  for await (const { page, image } of readerPages(SEEN_FONTS)) {
    const picture = await pictureFile(image);
    const answers = { reads: truthOf(page) };
    const question = 'What does the text say?';
    items.push({ name: page.name, group: page.kind, picture, question, answers });
  }
  const title = 'Pages of which every character is known, by what was read of them';
  return { name: 'reading', title, items, missing: [], isRead: true };
}
