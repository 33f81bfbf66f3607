import { times } from '../../evaluate/figures.ts';
import { textColumns } from '../../evaluate/text-columns.ts';
import type { Comparison } from '../verbs/run/comparison.ts';
import { duration } from './units.ts';

/** A comparison for the eye: medians of both sides, the ratio with its spread, and whether the words are the same. */
export function comparisonText(comparison: Comparison): string {
  const { pairs, speedUp, difference } = comparison;
  const sides = (['plain', 'speculative'] as const).map((name) => {
    const { decode, target, draft, host, tokensPerPass } = comparison[name];
    const all = [decode?.median ?? 0, target, draft, host].map(duration);
    return [name, ...all, tokensPerPass.toFixed(2)];
  });
  const head = ['', 'decoding', 'target', 'draft', 'host', 'tokens per pass'];
  const range = speedUp && ` (${times(speedUp.min)} to ${times(speedUp.max)})`;
  const ratio = speedUp === null ? 'not measured: one token needs no pass' : times(speedUp.median);
  const lines = [
    `medians of ${pairs} interleaved pairs after a warm-up, prompt already read`,
    ...textColumns([head, ...sides], [0]),
    `speed-up over plain, measured: ${ratio}${range ?? ''}`,
    difference === null ? 'ids: equal in all runs' : differenceText(difference),
  ];
  return `${lines.join('\n')}\n`;
}

function differenceText(difference: NonNullable<Comparison['difference']>): string {
  const name = (id: number | null) => (id === null ? 'the end' : `id ${id}`);
  const { position, plain, speculative } = difference;
  return [
    `ids: DIFFERENT from token ${position + 1} on, where plain has ${name(plain)} and speculative ${name(speculative)}`,
    `plain:       ${difference.plainText}`,
    `speculative: ${difference.speculativeText}`,
  ].join('\n');
}
