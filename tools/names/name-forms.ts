import type { EmojiConcept } from '../../src/evaluate/pictures/emoji-concepts.ts';

/** Say little of what is seen. */
const FILLERS = new Set(['a', 'an', 'and', 'at', 'face', 'in', 'of', 'on', 'or', 'the', 'with']);

/** What a concept may be called, best first, each shorter than the one before: a bridge takes the first that fits. */
export function nameForms({ label, flag }: EmojiConcept): string[] {
  if (flag) {
    const country = plain(label.replace(/^flag: /, '')).replace(/ and .*/, '');
    return [`flag of ${country}`, `${country} flag`, country];
  }
  const whole = plain(label);
  const words = whole.split(' ');
  const telling = words.filter((word) => !FILLERS.has(word));
  const tails = telling.map((_, at) => telling.slice(at).join(' '));
  return [...new Set([whole, ...tails])].filter((form) => form !== '');
}

const plain = (label: string): string =>
  label
    .replace(/ ?\(.*?\)/g, '')
    .replaceAll('&', 'and')
    .replace(/[:“”]| - /g, ' ')
    .replace(/ +/g, ' ')
    .trim();
