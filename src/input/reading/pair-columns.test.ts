import { describe, expect, it } from 'vitest';
import { pairColumns } from './pair-columns.ts';
import { line } from './testing/line.ts';
import type { PlacedLine } from './text-line.ts';

const pairs = (rows: PlacedLine[][]) =>
  pairColumns(rows)?.pairs.map(({ name, number }) => `${name.text} ${number.text}`) ?? null;

const title = [line('Rain', 60, 0, 80)];
const tick = (text: string, y: number) => line(text, 20, y);
const names = [line('Jan', 100, 300), line('Feb', 150, 300), line('Mar', 200, 300)];
const chart = [
  title,
  [line('93', 150, 40)],
  [tick('50', 100), line('52', 200, 102)],
  [line('13', 100, 220)],
  [tick('0', 280)],
  names,
];
const PAIRS = ['Jan 13', 'Feb 93', 'Mar 52'];
/** The same with another axis. */
const over = (...axis: PlacedLine[]) => [...chart.slice(0, -1), axis];

describe('pairColumns', () => {
  it('gives each name the number above it, and says which row the names are', () => {
    expect(pairs(chart)).toEqual(PAIRS);
    expect(pairColumns([...chart, [line('Month', 150, 330)]])?.axis).toBe(5);
  });

  it('keeps a name of several words with its one number', () => {
    const [, ...others] = names;
    expect(pairs(over(line('South Carolina', 100, 300, 45), ...others))).toEqual([
      'South Carolina 13',
      ...PAIRS.slice(1),
    ]);
  });

  it.each([
    ['Jan Feb Mar', PAIRS],
    ['JanFebMar', PAIRS],
    ['200120022003', ['2001 13', '2002 93', '2003 52']],
    ['Old Mill Art Hall Bus Lane', ['Old Mill 13', 'Art Hall 93', 'Bus Lane 52']],
  ])('parts names that were found as one line: %s', (text, expected) => {
    expect(pairs(over(line(text, 150, 300, 150)))).toEqual(expected);
  });

  it('says where a part of a line is', () => {
    const [january] = pairColumns(over(line('JanFebMar', 150, 300, 150)))?.pairs ?? [];
    expect(january?.name.box.map(({ x }) => Math.round(x))).toEqual([75, 125, 125, 75]);
  });

  it('minds no upright title of an axis', () => {
    const upright = line('Millimetres', 5, 90, 10, 90);
    expect(pairs(chart.map((row, at) => (at === 2 ? [upright, ...row] : row)))).toEqual(PAIRS);
  });

  it('minds no point of a line, which is read as a character beneath its number', () => {
    const points = [line('0', 151, 58, 12, 12), line('Q', 100, 240, 12, 12)];
    const rows = points.map((point) => [point]);
    expect(pairs([...chart.slice(0, 2), ...rows, ...chart.slice(2)])).toEqual(PAIRS);
  });

  it('pairs years, where their numbers stand at several heights', () => {
    const years = names.map((one, at) => ({ ...one, text: `${2001 + at}` }));
    expect(pairs(over(...years))).toContain('2001 13');
  });

  const none: [string, PlacedLine[][]][] = [
    ['a name without a number', [...chart.slice(0, 3), chart[4] as PlacedLine[], names]],
    ['two numbers of a name', [[line('7', 100, 20)], ...chart]],
    ['a number beside all names', [[line('7', 400, 20)], ...chart]],
    ['names in one word that nothing parts', over(line('januaryfeb', 150, 300, 150))],
    [
      'rows with words, as of a receipt',
      [
        [line('Tea', 100, 0), line('2', 150, 0), line('3', 200, 0)],
        [line('Sum', 100, 30), line('5', 150, 30), line('6', 200, 30)],
      ],
    ],
    [
      'a table of numbers alone',
      [
        [line('1', 100, 0), line('2', 150, 0), line('3', 200, 0)],
        [line('4', 100, 30), line('5', 150, 30), line('6', 200, 30)],
      ],
    ],
    ['two names', [[line('1', 100, 0)], [line('2', 150, 9)], names.slice(0, 2)]],
    ['nothing', []],
  ];
  it.each(none)('finds no pairs in %s', (_, rows) => {
    expect(pairs(rows)).toBeNull();
  });
});
