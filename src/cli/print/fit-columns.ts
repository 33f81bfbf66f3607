import stringWidth from 'string-width';

/**
 * Lines that are too long for a terminal, broken between words. What goes on stands below where it began: behind the
 * label of a line in columns, else two in. Lines are left as they are where columns are few or unknown.
 */
export function fitColumns(text: string, columns: number | undefined): string {
  if (columns === undefined || columns < LEAST) return text;
  return text
    .split('\n')
    .flatMap((line) => (stringWidth(line) <= columns ? [line] : brokenLine(line, columns)))
    .join('\n');
}

const LEAST = 20;
/** Between words, but not between a number and its unit. */
const GAPS = /(?<=\S) (?!%|(?:ms|s|min|h|[KMGT]?i?B)\b)/;

function brokenLine(line: string, columns: number): string[] {
  const label = line.match(/^\S+(?: \S+)* {2,}/)?.[0].length ?? 2;
  const indent = ' '.repeat(label < columns / 2 ? label : 2);
  const [first = '', ...words] = line.split(GAPS);
  const lines: string[] = [];
  let now = first;
  for (const word of words) {
    if (stringWidth(`${now} ${word}`) <= columns) now = `${now} ${word}`;
    else {
      lines.push(now.trimEnd());
      now = `${indent}${word.trimStart()}`;
    }
  }
  return [...lines, now];
}
