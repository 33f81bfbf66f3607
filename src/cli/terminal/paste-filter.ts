/**
 * Line ends that belong to one message: of a pasted block, which terminals put between marks if they are asked to
 * (bracketed paste), and Alt-Enter. The line editor knows one line, so visible signs stand for them until it ends.
 */

/** Written to a terminal, they switch the marks on and off. */
export const PASTE_MARKS = { on: '\x1b[?2004h', off: '\x1b[?2004l' } as const;

const [BEGIN, END] = ['\x1b[200~', '\x1b[201~'];
const SIGNS = { '\n': '␤', '\t': '␉' } as const;

/** The line with what its signs stand for. */
export function withoutSigns(line: string): string {
  return line.replaceAll(SIGNS['\n'], '\n').replaceAll(SIGNS['\t'], '\t');
}

/** Takes what a terminal sends, piece by piece as it comes, and gives what the line editor is to get. */
export function createPasteFilter(): (piece: string) => string {
  let pasting = false;
  let held = ''; // may be the beginning of a mark
  return (piece) => {
    let rest = held + piece;
    let out = '';
    for (;;) {
      const mark = pasting ? END : BEGIN;
      const at = rest.indexOf(mark);
      const end = at < 0 ? rest.length - heldLength(rest, mark, pasting) : at;
      const part = rest.slice(0, end);
      out += pasting ? signed(part) : withAltEnter(part);
      held = rest.slice(end);
      if (at < 0) return out;
      rest = rest.slice(at + mark.length);
      held = '';
      pasting = !pasting;
    }
  };
}

/** Characters at the end that the next piece may make a mark of, or half of a line end. */
function heldLength(text: string, mark: string, pasting: boolean): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return pasting && text.endsWith('\r') ? 1 : 0;
}

/** Escape before the key is how terminals send Alt. */
const withAltEnter = (typed: string): string =>
  typed.replaceAll('\x1b\r', SIGNS['\n']).replaceAll('\x1b\n', SIGNS['\n']);

/** A pasted text; other control characters would be commands to the editor. */
function signed(text: string): string {
  return text
    .replace(/\r\n?|\n/g, SIGNS['\n'])
    .replaceAll('\t', SIGNS['\t'])
    .replace(/\p{Cc}/gu, '');
}
