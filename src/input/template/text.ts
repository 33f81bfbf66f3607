/** Text as Python sees it: characters are code points, and white space is Python's. */

/** Of `str.strip`, `str.split` and `\s` of `re`. */
export const SPACE =
  '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const LEADING = new RegExp(`^[${SPACE}]+`);
const ONE_SPACE = new RegExp(`[${SPACE}]`);
const LINE_ENDS = '\\n-\\r\\x1c-\\x1e\\x85\\u2028\\u2029';
const LINE_END = new RegExp(`\\r\\n|[${LINE_ENDS}]`, 'g');
const SURROGATE = /[\ud800-\udfff]/;

/** Its characters; an array only where one takes two units. */
export function characters(text: string): string | readonly string[] {
  return SURROGATE.test(text) ? Array.from(text) : text;
}

export function lengthOf(text: string): number {
  return characters(text).length;
}

/** Characters from `start` up to `stop`, neither below 0. */
export function sliceText(text: string, start: number, stop: number): string {
  const all = characters(text);
  return typeof all === 'string' ? all.slice(start, stop) : all.slice(start, stop).join('');
}

/** How many characters stand before the given unit. */
export function charactersBefore(text: string, unit: number): number {
  return lengthOf(text.slice(0, unit));
}

export function isSpace(character: string): boolean {
  return ONE_SPACE.test(character);
}

export function stripStart(text: string, strips?: string): string {
  if (strips === undefined) return text.replace(LEADING, '');
  const set = new Set(strips);
  const all = characters(text);
  let start = 0;
  while (start < all.length && set.has(all[start] as string)) start++;
  return sliceText(text, start, all.length);
}

export function stripEnd(text: string, strips?: string): string {
  if (strips === undefined) {
    let end = text.length;
    while (end > 0 && isSpace(text.charAt(end - 1))) end--;
    return text.slice(0, end);
  }
  const set = new Set(strips);
  const all = characters(text);
  let end = all.length;
  while (end > 0 && set.has(all[end - 1] as string)) end--;
  return sliceText(text, 0, end);
}

/** Python's `splitlines`: an end of the text ends no line twice. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = [];
  let from = 0;
  for (const { 0: end, index } of text.matchAll(LINE_END)) {
    lines.push(text.slice(from, keepEnds ? index + end.length : index));
    from = index + end.length;
  }
  if (from < text.length) lines.push(text.slice(from));
  return lines;
}

/** -1, 0 or 1 by code points. */
export function orderText(left: string, right: string): number {
  if (left === right) return 0;
  if (!SURROGATE.test(left) && !SURROGATE.test(right)) return left < right ? -1 : 1;
  const [a, b] = [Array.from(left), Array.from(right)];
  const at = a.findIndex((character, i) => character !== b[i]);
  if (at < 0) return -1; // a beginning of the other
  return (a[at]?.codePointAt(0) ?? 0) < (b[at]?.codePointAt(0) ?? -1) ? -1 : 1;
}
