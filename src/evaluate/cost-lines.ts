import type { BenchReport } from './bench-report.ts';
import { ms } from './figures.ts';
import { textColumns } from './text-columns.ts';

const LONGEST_BAR = 40;

/** What a target pass costs by its rows, as bars: what was timed at load, else what rounds took. */
export function costLines({ target, draftLevel, cached }: BenchReport['costs']): string[] {
  const most = Math.max(...target.map((cost) => cost.atLoad ?? cost.inRounds?.ms ?? 0));
  const lines = target.map(({ rows, atLoad, inRounds }) => [
    String(rows),
    ms(atLoad ?? undefined),
    ms(inRounds?.ms),
    inRounds === null ? '-' : String(inRounds.rounds),
    bar(atLoad ?? inRounds?.ms ?? 0, most),
  ]);
  const when = cached ? 'at an earlier load' : 'at this load';
  return [
    'Cost of a target pass by rows',
    ...textColumns([['rows', 'timed', 'in rounds', 'rounds', ''], ...lines], [4]),
    `timed ${when}; one draft call: ${ms(draftLevel ?? undefined)}`,
  ];
}

function bar(value: number, most: number): string {
  return '█'.repeat(most > 0 ? Math.max(1, Math.round((LONGEST_BAR * value) / most)) : 0);
}
