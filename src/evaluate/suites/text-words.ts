/** Lower case, without accents. */
export const plainText = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}|['’]/gu, '')
    .toLowerCase();

/** Whether a phrase stands in a text, its words next to each other. */
export const holdsPhrase = (text: readonly string[], phrase: readonly string[]): boolean =>
  phrasePlace(text, phrase) >= 0;

/** Where it begins; -1 if it does not stand there. */
export function phrasePlace(text: readonly string[], phrase: readonly string[]): number {
  if (phrase.length === 0) return -1;
  return text.findIndex((_, at) => phrase.every((word, offset) => text[at + offset] === word));
}
