import { describe, expect, it } from 'vitest';
import { pairBars } from './pair-bars.ts';
import { line } from './testing/line.ts';
import type { PlacedLine } from './text-line.ts';

const pairs = (rows: PlacedLine[][]) =>
  pairBars(rows)?.map(({ name, number }) => `${name.text}|${number.text}`) ?? null;

const bars = [
  [line('Oak', 30, 40), line('112', 300, 40)],
  [line('Old Elm-', 30, 80), line('1,050', 420, 80)],
  [line('Ash-0', 40, 120, 60)],
];
const axis = (...texts: string[]) => texts.map((text, at) => line(text, 100 + 60 * at, 160));

describe('pairBars', () => {
  it('gives each bar its number, without the tick behind its name', () => {
    const rows = [
      [line('Trees', 60, 0)],
      ...bars,
      axis('0', '500', '1,000'),
      [line('Count', 90, 190)],
    ];
    expect(pairs(rows)).toEqual(['Oak|112', 'Old Elm|1,050', 'Ash|0']);
  });

  it('knows an axis that was found as one line', () => {
    expect(pairs([...bars, [line('0 50 100 150', 200, 160, 300)]])).toHaveLength(3);
  });

  it.each([
    ['no axis, as on a receipt', bars],
    ['steps that are not even', [...bars, axis('0', '500', '900')]],
    ['one number all along', [...bars, axis('5', '5', '5')]],
    ['an axis of two numbers', [...bars, axis('0', '500')]],
    ['two bars', [...bars.slice(1), axis('0', '500', '1,000')]],
  ])('finds none with %s', (_, rows) => {
    expect(pairs(rows)).toBeNull();
  });
});
