/**
 * What JSON.parse takes without a word: of two equal keys it keeps the last, so a header could show one thing to one
 * reader and another to the next; and brackets nested by the million cost it gigabytes. One walk finds both, before
 * parsing.
 */

import { printable } from '../contracts/printable.ts';

const MAX_DEPTH = 64;
const BACKSLASH = '\\'.charCodeAt(0);

/** What is wrong with the text, to follow its name in a message. Text that is no JSON at all may pass, or throw a SyntaxError. */
export function jsonTrap(json: string): string | undefined {
  /** The keys so far of each open object; none for a list. */
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < json.length; at++) {
    const character = json.charAt(at);
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(undefined);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = stringEnd(json, at);
      const keys = open.at(-1);
      if (keys !== undefined && isKey(json, end)) {
        const key = keyIn(json.slice(at, end));
        if (keys.has(key)) return `has the key ${printable(key)} twice in one object`;
        keys.add(key);
      }
      at = end - 1;
    }
    if (open.length > MAX_DEPTH) return `is nested more than ${MAX_DEPTH} levels deep`;
  }
  return undefined;
}

/** The position after the closing quote of the string that opens at `start`. */
function stringEnd(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end < 0 ? json.length + 1 : end + 1;
}

/** Whether the backslashes before it are an odd number. */
function isEscaped(json: string, at: number): boolean {
  let before = at;
  while (json.charCodeAt(before - 1) === BACKSLASH) before--;
  return (at - before) % 2 === 1;
}

/** Tables of words have keys by the ten thousand, few of them escaped. */
const keyIn = (quoted: string): string =>
  quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);

/** Only a key is followed by a colon. */
function isKey(json: string, end: number): boolean {
  let at = end;
  while (at < json.length && ' \t\n\r'.includes(json.charAt(at))) at++;
  return json.charAt(at) === ':';
}
