import { textColumns } from '../../src/evaluate/text-columns.ts';
import type { Outcome } from './race.ts';

/** Losses further apart, relatively, mean that the two sides don't compute the same. */
const SAME_LOSS = 1e-3;
/** Ours may take as long as PyTorch. */
const MOST = 1;

export const isSame = ({ lossApart }: Outcome): boolean => lossApart <= SAME_LOSS;
export const isFast = ({ ratio }: Outcome): boolean => ratio <= MOST;

const HEAD = [
  'step',
  'threads',
  'PyTorch',
  'ours ms',
  'PyTorch ms',
  'ratio',
  '95 %',
  'CPU time',
  'rows ours',
  'PyTorch',
  'steps',
  'losses apart',
  'weights',
];

export function renderTable(outcomes: readonly Outcome[]): string {
  const lines = outcomes.map((outcome) => {
    const { benchmark, threads, variant, ways, ours, torch, rows, steps } = outcome;
    const { ratio, cpuRatio, interval } = outcome;
    const marks = [isSame(outcome) ? '' : ' !', isFast(outcome) ? '' : ' !'] as const;
    return [
      benchmark,
      String(threads),
      [variant, ...ways].join(', '),
      ours.toFixed(1),
      torch.toFixed(1),
      ratio.toFixed(3) + marks[1],
      interval === null ? '' : `${interval.low.toFixed(3)}–${interval.high.toFixed(3)}`,
      cpuRatio.toFixed(3),
      rows.ours.toFixed(0),
      rows.torch.toFixed(0),
      String(steps),
      outcome.lossApart.toExponential(1) + marks[0],
      outcome.weightsApart.toExponential(1),
    ];
  });
  return `${textColumns([HEAD, ...lines], [0, 2]).join('\n')}\n`;
}
