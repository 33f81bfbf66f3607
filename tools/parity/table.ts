import { type Bound, holds, type Line } from './line.ts';

export interface NamedLine extends Line {
  /** The check that gave it. */
  readonly check: string;
}

/** The table of largest differences, notes under their lines, a verdict at the end. */
export function renderTable(lines: readonly NamedLine[]): string {
  const head = ['check', 'what', 'against', 'bound', 'worst', 'of', ''];
  const rows = lines.map((line) => [
    line.check,
    line.what,
    line.against,
    boundText(line.bound),
    worstText(line),
    `${line.count} ${line.unit}`,
    holds(line) ? 'ok' : 'BREACH',
  ]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] as string).length)),
  );
  const text = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] as number))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  const indent = ' '.repeat((widths[0] as number) + 4);
  const body = lines.flatMap((line, index) => [
    text(rows[index] as string[]),
    ...(line.notes ?? []).map((note) => indent + note),
  ]);
  return [text(head), rule, ...body, '', verdict(lines), ''].join('\n');
}

function verdict(lines: readonly Line[]): string {
  const breached = lines.filter((line) => !holds(line)).length;
  return breached === 0
    ? `parity: all ${lines.length} rows within bounds`
    : `parity: ${breached} of ${lines.length} rows breached`;
}

function boundText(bound: Bound): string {
  if (bound.kind === 'equal') return 'equal';
  return `${bound.kind === 'most' ? '≤' : '≥'} ${short(bound.value)}`;
}

function worstText({ bound, worst }: Line): string {
  if (bound.kind !== 'equal') return short(worst);
  return worst === 0 ? 'equal' : `${worst} differ`;
}

/** Three digits; tiny and huge numbers as powers of ten. */
function short(value: number): string {
  if (Number.isInteger(value)) return String(value);
  if (Math.abs(value) < 1e-3) return value.toExponential(1);
  return String(Number(value.toPrecision(3)));
}
