import type { PageFonts } from './pages/lay-page.ts';

/** Families that nothing for training may be set in; `openFonts` has them drawn with like the others. */
export const HELD_OUT_FONTS: PageFonts = {
  plain: ['Karla', 'Work Sans'],
  serif: ['Lora', 'Libre Baskerville'],
  mono: ['Space Mono', 'Share Tech Mono'],
  others: [],
};
