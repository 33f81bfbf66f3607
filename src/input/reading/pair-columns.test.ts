import { describe, expect, it } from 'vitest';
import type { Box, TextLine } from '../../contracts/reading.ts';
import { pairColumns } from './pair-columns.ts';

/** A level line around the middle x. */
function line(text: string, x: number, y: number, width = 30, height = 16): TextLine {
  const [left, right] = [x - width / 2, x + width / 2];
  const corner = (cx: number, cy: number) => ({ x: cx, y: cy });
  const box: Box = [
    corner(left, y),
    corner(right, y),
    corner(right, y + height),
    corner(left, y + height),
  ];
  return { text, confidence: 1, box };
}

const read = (rows: TextLine[][]) =>
  pairColumns(rows).map((row) => row.map(({ text }) => text).join(' '));

const title = [line('Rain', 60, 0, 80)];
const ticks = (text: string, y: number) => line(text, 20, y);
const names = [line('Jan', 100, 300), line('Feb', 150, 300), line('Mar', 200, 300)];
const chart = [
  title,
  [line('93', 150, 40)],
  [ticks('50', 100), line('52', 200, 102)],
  [line('13', 100, 220)],
  [ticks('0', 280)],
  names,
];

describe('pairColumns', () => {
  it('reads the number above a name behind it, and everything else as before', () => {
    expect(read(chart)).toEqual(['Rain', '50', '0', 'Jan 13', 'Feb 93', 'Mar 52']);
  });

  it('leaves nothing out and adds nothing', () => {
    const words = (texts: string[]) => texts.join(' ').split(' ').sort();
    expect(words(read(chart))).toEqual(words(chart.flat().map(({ text }) => text)));
  });

  it('parts names that were found as one line', () => {
    const joined = [...chart.slice(0, -1), [line('Jan Feb Mar', 150, 300, 130)]];
    expect(read(joined)).toEqual(['Rain', '50', '0', 'Jan 13', 'Feb 93', 'Mar 52']);
    const [, , , january] = pairColumns(joined);
    expect(january?.[0]?.box[1].x).toBeLessThan(150);
  });

  it('keeps a name of several words with its one number', () => {
    const named = [
      ...chart.slice(0, -1),
      [line('South Carolina', 100, 300, 45), ...names.slice(1)],
    ];
    expect(read(named)).toContain('South Carolina 13');
  });

  it('minds no upright title of an axis', () => {
    const upright = line('Millimetres', 5, 90, 10, 90);
    const titled = chart.map((row, at) => (at === 2 ? [upright, ...row] : row));
    expect(read(titled)).toContain('Mar 52');
  });

  it('pairs years, where their numbers stand at several heights', () => {
    const years = names.map((one, at) => ({ ...one, text: `${2001 + at}` }));
    expect(read([...chart.slice(0, -1), years])).toContain('2001 13');
  });

  const unchanged: [string, TextLine[][]][] = [
    ['a name without a number', [...chart.slice(0, 3), chart[4] as TextLine[], names]],
    ['two numbers of a name', [[line('7', 100, 20)], ...chart]],
    ['a number beside all names', [[line('7', 400, 20)], ...chart]],
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
  it.each(unchanged)('changes nothing for %s', (_, rows) => {
    expect(pairColumns(rows)).toEqual(rows);
  });
});
