/** Emoji of an artist whom no name was learnt from, and flags by the same. */
import sharp from 'sharp';
import { iconifyArtist } from '../pictures/emoji-artist.ts';
import {
  EMOJIBASE,
  type EmojiConcept,
  emojiConcepts,
  isHeldOut,
} from '../pictures/emoji-concepts.ts';
import { fetchPackage } from '../pictures/fetch-packages.ts';
import type { Suite, SuiteItem } from './suite.ts';

/** Twitter's, CC BY 4.0. */
export const HELD_OUT_ARTIST = '@iconify-json/twemoji@1.2.5';

const SIDE = 256;

const KINDS = {
  emoji: {
    title: 'Emoji of an artist who was held out, by CLDR label or tag',
    question: 'What is in the picture?',
    takes: (concept: EmojiConcept) => !concept.flag && !isHeldOut(concept),
  },
  'held-out-concepts': {
    title: 'Emoji that were held out whoever drew them, by CLDR label or tag',
    question: 'What is in the picture?',
    takes: isHeldOut,
  },
  flags: {
    title: 'Flags of an artist who was held out, by country',
    question: 'Which flag is in the picture?',
    takes: ({ flag }: EmojiConcept) => flag,
  },
} as const;

export async function emojiSuite(
  name: keyof typeof KINDS,
  place: string,
  say: (line: string) => void,
): Promise<Suite> {
  const { title, question, takes } = KINDS[name];
  const concepts = await emojiConcepts(await fetchPackage(place, EMOJIBASE, say));
  const artist = await iconifyArtist(await fetchPackage(place, HELD_OUT_ARTIST, say));
  const drawn = new Map<string, EmojiConcept[]>();
  const missing: string[] = [];
  for (const concept of concepts.filter(takes)) {
    const file = await artist.picture(concept);
    if (file === undefined) missing.push(concept.label);
    else {
      const text = new TextDecoder().decode(file);
      drawn.set(text, [...(drawn.get(text) ?? []), concept]);
    }
  }
  const items: SuiteItem[] = [];
  for (const [text, same] of drawn) {
    // Countries that share a flag, as Norway and Bouvet Island, share its picture and are asked for once.
    const words = same.flatMap(wordsFor);
    const picture = await rendered(new TextEncoder().encode(text));
    items.push({ name: same[0]?.label ?? '', picture, question, answers: { words } });
  }
  return { name, title, items, missing };
}

async function rendered(svg: Uint8Array): Promise<Uint8Array> {
  const { width, height } = await sharp(svg).metadata();
  const density = (72 * SIDE) / Math.max(width, height);
  return new Uint8Array(await sharp(svg, { density }).resize(SIDE, SIDE).png().toBuffer());
}

/** A flag's words are its country's alone: its tags hold "flag". */
function wordsFor({ label, tags, flag }: EmojiConcept): string[] {
  if (!flag) return [label, ...tags];
  const country = label.replace(/^flag: /, '').replaceAll('&', 'and');
  return [country, country.replace(/ and .*| \(.*/, '')];
}
