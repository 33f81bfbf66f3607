/** What a terminal shows at the end, as HTML: of each line what was written last, in the styles that `msd` uses. */
const ESCAPE = '\u001b';
const STYLES: Readonly<Record<string, string>> = { 32: 'green', 4: 'underlined' };
const ENDS: Readonly<Record<string, string>> = { 39: 'green', 24: 'underlined' };

/** @param written all that a program sent to its terminal */
export function screenHtml(written: string): string {
  const lines = written.replaceAll('\r\n', '\n').split('\n').map(lastWritten);
  const styles = new Set<string>();
  return lines.map((line) => styled(line, styles)).join('\n');
}

/** A line without what was written over: bars begin at its first column, and clear it in the end. */
function lastWritten(line: string): string {
  const places = [`${ESCAPE}[1G`, `${ESCAPE}[2K`].map((mark) => line.lastIndexOf(mark));
  const [begin, clear] = places as [number, number];
  const at = Math.max(begin, clear);
  return at < 0 ? line : line.slice(at + `${ESCAPE}[1G`.length);
}

function styled(line: string, styles: Set<string>): string {
  const [first = '', ...rest] = line.split(`${ESCAPE}[`);
  const before = span(first, styles);
  const pieces = rest.map((piece) => {
    const [, code = '', kind = '', text = ''] = piece.match(/^([?\d;]*)([A-Za-z])(.*)$/s) ?? [];
    if (kind === 'm') {
      const [begun, ended] = [STYLES[code], ENDS[code]];
      if (begun !== undefined) styles.add(begun);
      else if (ended !== undefined) styles.delete(ended);
      else throw new RangeError(`style ${code} has no picture`);
    }
    return span(text, styles);
  });
  return [before, ...pieces].join('');
}

function span(text: string, styles: ReadonlySet<string>): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  if (safe === '' || styles.size === 0) return safe;
  return `<span class="${[...styles].join(' ')}">${safe}</span>`;
}
