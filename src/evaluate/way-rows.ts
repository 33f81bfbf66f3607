import type { VariantWays } from './bench-report.ts';
import { bounds, gibibytes, ms, share, times } from './figures.ts';
import type { WayReport } from './way-report.ts';

/** How the rows of ways are to be read. */
export const WAYS_NOTES = [
  'Times by the clock, to the same most tokens, end token obeyed. Rivals are given the same ids and write greedily in their own',
  'precision, so their words are their own: figures are by token written. Spec. over: speculative tokens a second over those of',
  'the row. Memory is of the process, which our two ways share.',
];

export const waysHead = ({ longPromptTokens }: VariantWays): string[] => [
  'way',
  longPromptTokens === null ? 'first token' : `first of ${longPromptTokens}`,
  'ms/token',
  '95 %',
  'tokens/s',
  '95 %',
  'spec. over',
  '95 %',
  'loops',
  'memory',
];

export function wayCells(way: WayReport): string[] {
  const { tokenMs, tokensPerSecond, speculativeOver } = way;
  return [
    way.name,
    ms(way.firstTokenMs ?? undefined),
    tokenMs.value.toFixed(2),
    bounds(tokenMs.interval),
    tokensPerSecond.value.toFixed(1),
    bounds(tokensPerSecond.interval),
    times(speculativeOver.value),
    bounds(speculativeOver.interval),
    share(way.looping),
    gibibytes(way.residentBytes),
  ];
}

export const TRIED_HEAD = ['setting', 'first token', 'ms/token'];

/** Settings that rivals tried before they were measured, each rival's once. */
export function triedCells(ways: readonly WayReport[]): string[][] {
  const known = new Set<string>();
  return ways
    .flatMap(({ name, tried }) =>
      tried.map((one) => [
        `${name.split(',')[0]}: ${one.setting}`,
        ms(one.firstTokenMs),
        one.tokenMs.toFixed(2),
      ]),
    )
    .filter(([name = '']) => !known.has(name) && known.add(name));
}
