/** Upper and lower case, and the kinds of characters, of Python's str. */
import { isPrintable } from './print.ts';
import { refuse } from './refuse.ts';
import { characters, isSpace } from './text.ts';

export const upper = (text: string) => text.toUpperCase();
export const lower = (text: string) => text.toLowerCase();

/** Letters whose capital at a word's beginning is not their upper case: digraphs, Greek with iota, Georgian. */
const OWN_TITLE = /[\u01c4-\u01cc\u01f1-\u01f3\u10d0-\u10ff\u1f80-\u1fff]/;
/** Its lower case depends on what stands around it. */
const SIGMA = '\u03a3';

function titleOf(character: string): string {
  const capital = upper(character);
  if (OWN_TITLE.test(character) || characters(capital).length !== 1) {
    return refuse(`the title case of "${character}"`);
  }
  return capital;
}

export function capitalise(text: string): string {
  if (text.includes(SIGMA)) return refuse('the case of sigma');
  const [first = '', ...rest] = Array.from(text);
  return first === '' ? '' : titleOf(first) + lower(rest.join(''));
}

/** A capital where a letter follows none. */
export function titled(text: string): string {
  if (text.includes(SIGMA)) return refuse('the case of sigma');
  let inWord = false;
  return Array.from(text, (character) => {
    const changed = inWord ? lower(character) : isCased(character) ? titleOf(character) : character;
    inWord = isCased(character);
    return changed;
  }).join('');
}

export function swapCase(text: string): string {
  if (text.includes(SIGMA)) return refuse('the case of sigma');
  return Array.from(text, (character) =>
    /\p{Uppercase}/u.test(character) ? lower(character) : upper(character),
  ).join('');
}

const isCased = (character: string) => /\p{Cased}/u.test(character);

/** All of a text that is not empty. */
const all = (kind: RegExp) => {
  return (text: string): boolean =>
    text !== '' && Array.from(text).every((each) => kind.test(each));
};

const hasCase = (kind: RegExp, other: RegExp) => {
  return (text: string): boolean => kind.test(text) && !other.test(text);
};

export const isLower = hasCase(/\p{Lowercase}/u, /[\p{Uppercase}\p{Lt}]/u);
export const isUpper = hasCase(/\p{Uppercase}/u, /[\p{Lowercase}\p{Lt}]/u);

/** Superscripts and circled digits are digits too; which other numbers are, Unicode's tables tell. */
function isDigit(text: string): boolean {
  if (all(/\p{Nd}/u)(text)) return true;
  return all(/\p{N}/u)(text) ? refuse('isdigit of unusual numbers') : false;
}

function isNumeric(text: string): boolean {
  if (all(/\p{N}/u)(text)) return true;
  return /\p{Script=Han}/u.test(text) ? refuse('isnumeric of Chinese characters') : false;
}

function onlyAscii(name: string, test: (text: string) => boolean) {
  return (text: string): boolean =>
    /^[\0-\x7f]*$/.test(text) ? test(text) : refuse(`${name} of other than ASCII`);
}

export const TEXT_TESTS: readonly (readonly [name: string, test: (text: string) => boolean])[] = [
  ['islower', isLower],
  ['isupper', isUpper],
  ['isalpha', all(/\p{L}/u)],
  ['isalnum', all(/[\p{L}\p{N}]/u)],
  ['isdecimal', all(/\p{Nd}/u)],
  ['isdigit', isDigit],
  ['isnumeric', isNumeric],
  ['isspace', (text) => text !== '' && Array.from(text).every(isSpace)],
  ['isprintable', (text) => Array.from(text).every(isPrintable)],
  ['isascii', (text) => /^[\0-\x7f]*$/.test(text)],
  ['isidentifier', onlyAscii('isidentifier', (text) => /^[A-Za-z_]\w*$/.test(text))],
  ['istitle', onlyAscii('istitle', (text) => /[A-Za-z]/.test(text) && titled(text) === text)],
];
