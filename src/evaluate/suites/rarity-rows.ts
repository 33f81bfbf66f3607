import { bounds, share } from '../figures.ts';
import { plotIntervals } from '../plot-intervals.ts';
import type { RarityRow } from './acceptance-by-rarity.ts';

export const RARITY_HEAD = ['ids of tokens', 'written', 'guessed', '95 %'];

export const RARITY_NOTE =
  'Of the tokens of speculative answers, how many were guessed rather than written by a pass. Later ids are rarer tokens.';

export const rarityCells = (row: RarityRow): string[] => [
  rangeOf(row),
  String(row.tokens),
  share(row.guessed),
  bounds(row.interval),
];

export const rarityPlot = (rows: readonly RarityRow[]): Promise<string | null> =>
  plotIntervals({
    title: 'Share of tokens that were guessed, by their rarity',
    xTitle: 'share guessed',
    rows: rows.map((row) => ({
      ...{ group: rangeOf(row), series: 'guessed', mean: row.guessed },
      ...{ interval: row.interval, dots: [] },
    })),
  });

const rangeOf = ({ from, below }: RarityRow): string =>
  below === null ? `from ${from}` : `${from} to ${below - 1}`;
