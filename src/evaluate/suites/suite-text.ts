import { bounds, share, times } from '../figures.ts';
import { textColumns } from '../text-columns.ts';
import { RARITY_HEAD, RARITY_NOTE, rarityCells } from './rarity-rows.ts';
import type { EvalReport, GroupReport, SuiteReport } from './suite-report.ts';

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
    judged(suite.right),
    bounds(suite.rightInterval),
    judged(suite.firstRight),
    judged(suite.speculativeRight),
    share(suite.same),
    suite.tokensPerPass.toFixed(2),
    suite.tokensPerAnswer.toFixed(1),
    times(suite.speedUp ?? undefined),
    times(suite.wholeSpeedUp ?? undefined),
  ];
}

export const GROUP_HEAD = [
  'questions',
  'asked',
  'right',
  'characters wrong',
  'same text',
  'tokens a pass',
  'speed-up',
];

export function groupCells(group: GroupReport): string[] {
  const { charactersWrong: wrong } = group;
  return [
    group.name,
    String(group.asked),
    judged(group.right),
    wrong === undefined ? '-' : wrongShare(wrong),
    share(group.same),
    group.tokensPerPass.toFixed(2),
    times(group.speedUp ?? undefined),
  ];
}

const judged = (value: number | null): string => share(value ?? Number.NaN);

/** Finer than other shares. */
const wrongShare = (wrong: number): string => `${(100 * wrong).toFixed(2)} %`;

/** Of a suite of pages that are to be read: `0.50 % of the characters wrong`. */
export const wrongText = ({ charactersWrong: wrong }: GroupReport): string[] =>
  wrong === undefined ? [] : [`${wrongShare(wrong)} of the characters wrong`];

export const SUITE_NOTES =
  'Right: a word or a value that was written down beforehand stands in the answer; of pages that are to be read, at most 2 % of the characters are wrong; of two-sided questions, the mean of both sides. Right first: before any "or". Speculative: the same of the speculative texts. Speed-up: plain decode time over speculative, median; whole: from the request to the last token, the eye and the reader included.';

export function evalText({ suites, lossless, rarity }: EvalReport): string {
  const missing = suites.flatMap(({ name, missing }) =>
    missing.length === 0 ? [] : `${name}: without ${missing.join(', ')}`,
  );
  const failed = suites.flatMap(({ name: suite, failed }) =>
    failed.map(({ name, failure }) => `${suite}: ${name} FAILED: ${failure}`),
  );
  const groups = suites.flatMap((suite) =>
    suite.groups.map((group) => groupCells({ ...group, name: `${suite.name}, ${group.name}` })),
  );
  return [
    ...textColumns([SUITE_HEAD, ...suites.map(suiteCells)], [0]),
    SUITE_NOTES,
    ...suites.flatMap((suite) => wrongText(suite).map((text) => `${suite.name}: ${text}`)),
    ...(groups.length === 0 ? [] : ['', ...textColumns([GROUP_HEAD, ...groups], [0])]),
    ...(rarity.length === 0
      ? []
      : ['', ...textColumns([RARITY_HEAD, ...rarity.map(rarityCells)], [0]), RARITY_NOTE]),
    '',
    lossless
      ? 'Every speculative answer is that of plain decoding, token for token.'
      : 'Some speculative answers DIFFER from those of plain decoding.',
    ...missing,
    ...failed,
    '',
  ].join('\n');
}
