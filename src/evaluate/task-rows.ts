import type { ContestReport } from './contest-report.ts';
import { bounds, share, times } from './figures.ts';

export const TASK_HEAD = [
  'task',
  'drafter',
  'tree',
  'prompts',
  'pairs',
  'speed-up',
  '95 %',
  'tokens/pass',
  '95 %',
  'loops',
  'plain tok/s',
  'spec. tok/s',
  'ids',
];

/** A row of each task and contest, those of one task together. */
export function taskRows(contests: readonly ContestReport[]): string[][] {
  const tasks = [...new Set(contests.flatMap((contest) => contest.tasks.map(({ task }) => task)))];
  return tasks.flatMap((name) =>
    contests.flatMap(({ drafter, tree, tasks: reports }) => {
      const report = reports.find(({ task }) => task === name);
      if (report === undefined) return [];
      const { prompts, pairs, speedUp, tokensPerPass, tokensPerSecond, lossless } = report;
      return [
        [
          name,
          drafter,
          tree,
          String(prompts),
          String(pairs),
          times(speedUp?.median),
          bounds(speedUp?.interval),
          tokensPerPass.toFixed(2),
          bounds(report.tokensPerPassInterval),
          share(report.looping),
          tokensPerSecond.plain.toFixed(1),
          tokensPerSecond.speculative.toFixed(1),
          lossless ? 'equal' : 'DIFFER',
        ],
      ];
    }),
  );
}
