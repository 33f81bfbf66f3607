import { bounds, share, times } from './figures.ts';
import type { VariantReport } from './variant-report.ts';

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

/** A row of each task and variant, those of one task together. */
export function taskRows(variants: readonly VariantReport[]): string[][] {
  const tasks = [...new Set(variants.flatMap((variant) => variant.tasks.map(({ task }) => task)))];
  return tasks.flatMap((name) =>
    variants.flatMap(({ drafter, tree, tasks: reports }) => {
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
