import type { Findings } from './findings.ts';

/** What mixtures of one model at one format gave. */
export interface SeriesLine extends Readonly<Findings['counts']> {
  readonly name: string;
  readonly format: string;
  readonly threads: readonly number[];
  readonly mixtures: number;
  readonly notes: readonly string[];
}

/** A line for each model and format, with what differed under it, and a verdict. */
export function renderCompanies(lines: readonly SeriesLine[]): string {
  const head = ['model', 'weights', 'threads', 'mixtures', 'rows', 'logits', 'trees', 'differing'];
  const cells = lines.map((line) => [
    line.name,
    line.format,
    line.threads.join(','),
    ...[line.mixtures, line.rows, line.logits, line.trees, line.differing].map((n) =>
      n.toLocaleString('en'),
    ),
  ]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...cells].map((row) => (row[column] as string).length)),
  );
  const text = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column < 3
          ? cell.padEnd(widths[column] as number)
          : cell.padStart(widths[column] as number),
      )
      .join('  ')
      .trimEnd();
  const body = lines.flatMap(({ notes }, index) => [
    text(cells[index] as string[]),
    ...notes.map((note) => `  ${note} differs`),
  ]);
  const differing = lines.reduce((sum, line) => sum + line.differing, 0);
  const mixtures = lines.reduce((sum, line) => sum + line.mixtures, 0);
  const verdict =
    differing === 0
      ? `company: equal in every bit, in all ${mixtures.toLocaleString('en')} mixtures`
      : `company: ${differing} things differ`;
  return [
    text(head),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...body,
    '',
    verdict,
    '',
  ].join('\n');
}
