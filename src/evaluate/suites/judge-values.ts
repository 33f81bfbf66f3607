/** Whether a value stands in an answer, however its digits, its currency and its signs are written. */
import { holdsPhrase, phrasePlace, plainText } from './text-words.ts';

/** Names and codes count by their letters and digits, amounts and dates by their numbers. */
export const holdsValue = (answer: string, value: string): boolean =>
  holdsPhrase(partsOf(answer), partsOf(value));

/** Whether of several things the right one is named, and named first: who names all of them picks none. */
export function picksFirst(
  answer: string,
  { picks, from }: { readonly picks: string; readonly from: readonly string[] },
): boolean {
  const said = partsOf(answer);
  const place = (thing: string) => phrasePlace(said, partsOf(thing));
  const own = place(picks);
  return own >= 0 && from.every((thing) => place(thing) < 0 || place(thing) >= own);
}

/** Whether the first number that the question doesn't hold is near enough. */
export function isNear(
  answer: string,
  question: string,
  { near, within }: { readonly near: number; readonly within: number },
): boolean {
  const asked = new Set(partsOf(question));
  const said = partsOf(answer).find((part) => /^\d/.test(part) && !asked.has(part));
  return said !== undefined && Math.abs(Number(said) - near) <= within;
}

/** Runs of letters, and numbers as JavaScript writes them; currencies and all other signs are left out. */
function partsOf(text: string): string[] {
  const parts = plainText(text.replace(/['’]s\b/g, '')).match(/\d+(?:[.,]\d+)*|\p{L}+/gu) ?? [];
  return parts.flatMap((part) => (/^\d/.test(part) ? numbersOf(part) : part));
}

/** One number, or several where dots part them as in a date. */
function numbersOf(digits: string): string[] {
  const english = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(digits);
  const german = /^\d{1,3}(\.\d{3})+,\d+$/.test(digits);
  if (english) return [plain(digits.replaceAll(',', ''))];
  if (german) return [plain(digits.replaceAll('.', '').replace(',', '.'))];
  if (/^\d+[.,]\d+$/.test(digits)) return [plain(digits.replace(',', '.'))];
  return digits.split(/[.,]/).map(plain);
}

/** Without zeros around it; what no number holds exactly stays as it is. */
const plain = (digits: string): string => (digits.length > 15 ? digits : String(Number(digits)));
