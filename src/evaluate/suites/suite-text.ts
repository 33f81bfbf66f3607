import { bounds, share, times } from '../figures.ts';
import { textColumns } from '../text-columns.ts';
import type { EvalReport, SuiteReport } from './suite-report.ts';

export const SUITE_HEAD = [
  'suite',
  'asked',
  'right',
  '95 %',
  'right first',
  'speculative',
  'same text',
  'tokens a pass',
  'tokens',
  'speed-up',
  'whole',
];

export function suiteCells(suite: SuiteReport): string[] {
  return [
    suite.name,
    String(suite.asked),
    share(suite.right),
    bounds(suite.rightInterval),
    share(suite.firstRight),
    share(suite.speculativeRight),
    share(suite.same),
    suite.tokensPerPass.toFixed(2),
    suite.tokensPerAnswer.toFixed(1),
    times(suite.speedUp ?? undefined),
    times(suite.wholeSpeedUp ?? undefined),
  ];
}

export const SUITE_NOTES =
  'Right: a word that was written down beforehand stands in the answer; right first: before any "or". Speculative: the same of the speculative texts. Speed-up: plain decode time over speculative, median; whole: from the request to the last token, the eye included.';

export function evalText({ suites, lossless }: EvalReport): string {
  const missing = suites.flatMap(({ name, missing }) =>
    missing.length === 0 ? [] : `${name}: without ${missing.join(', ')}`,
  );
  return [
    ...textColumns([SUITE_HEAD, ...suites.map(suiteCells)], [0]),
    SUITE_NOTES,
    lossless
      ? 'Every speculative answer is that of plain decoding, token for token.'
      : 'Some speculative answers DIFFER from those of plain decoding.',
    ...missing,
    '',
  ].join('\n');
}
