/** Lower case, without accents. */
export const plainText = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}|['’]/gu, '')
    .toLowerCase();

/** Whether a phrase stands in a text, its words next to each other. */
export function holdsPhrase(text: readonly string[], phrase: readonly string[]): boolean {
  if (phrase.length === 0) return false;
  return text.some((_, at) => phrase.every((word, offset) => text[at + offset] === word));
}
