/** `str.split` and `str.rsplit`. */
import { isSpace, SPACE, stripEnd, stripStart } from './text.ts';

const SPACES = new RegExp(`[${SPACE}]+`);

/** At most `most` cuts where that is not negative; without `by`, at runs of white space, none of which is kept. */
export function splitText(text: string, by: string | null, most: number): string[] {
  if (by === null) return splitAtSpace(text, most);
  const pieces = text.split(by);
  if (most < 0 || pieces.length <= most + 1) return pieces;
  return [...pieces.slice(0, most), pieces.slice(most).join(by)];
}

function splitAtSpace(text: string, most: number): string[] {
  let rest = stripStart(text);
  const words: string[] = [];
  while (rest !== '') {
    const cut = most < 0 || words.length < most ? rest.search(SPACES) : -1;
    if (cut < 0) return [...words, words.length === most ? rest : stripEnd(rest)];
    words.push(rest.slice(0, cut));
    rest = stripStart(rest.slice(cut));
  }
  return words;
}

/** As `splitText`, with the cuts counted from the end. */
export function splitTextFromEnd(text: string, by: string | null, most: number): string[] {
  if (by === null) return splitAtSpaceFromEnd(text, most);
  const pieces = text.split(by);
  if (most < 0 || pieces.length <= most + 1) return pieces;
  const cut = pieces.length - most;
  return [pieces.slice(0, cut).join(by), ...pieces.slice(cut)];
}

function splitAtSpaceFromEnd(text: string, most: number): string[] {
  let rest = stripEnd(text);
  const words: string[] = [];
  while (rest !== '') {
    if (words.length === most) {
      words.push(rest);
      break;
    }
    let cut = rest.length;
    while (cut > 0 && !isSpace(rest.charAt(cut - 1))) cut--;
    words.push(rest.slice(cut));
    rest = stripEnd(rest.slice(0, cut));
  }
  return words.reverse();
}
