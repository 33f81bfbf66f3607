import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../contracts/image.ts';
import { readChart } from './read-chart.ts';
import { line } from './testing/line.ts';
import { BLUE, GREEN, pie, RED } from './testing/pie.ts';
import type { PlacedLine } from './text-line.ts';

const BLANK: RgbImage = { width: 10, height: 10, data: new Uint8Array(300).fill(255) };

function read(rows: PlacedLine[][], image = BLANK) {
  const { rows: told, chart } = readChart(rows, image);
  const named = (at: number | null | undefined) => (at == null ? at : chart?.values[at]?.name);
  return {
    text: told.map((row) => row.map(({ text }) => text).join(' ')),
    most: named(chart?.most),
    least: named(chart?.least),
  };
}

const columns = [
  [line('Rain', 60, 0, 80)],
  [line('93', 150, 40)],
  [line('50', 20, 100), line('52', 200, 102)],
  [line('13', 100, 220)],
  [line('0', 20, 280)],
  [line('Jan', 100, 300), line('Feb', 150, 300), line('Mar', 200, 300)],
];

const bars = [
  [line('Oak', 30, 40), line('112', 160, 40)],
  [line('Elm', 30, 80), line('150', 180, 80)],
  [line('Ash', 30, 120), line('30', 110, 120)],
  [line('0', 90, 160), line('100', 155, 160), line('200', 220, 160)],
];

describe('readChart', () => {
  it('reads columns name by name, and everything else as before', () => {
    const { text, most, least } = read(columns);
    expect(text).toEqual(['Rain', '50', '0', 'Jan 13', 'Feb 93', 'Mar 52']);
    expect([most, least]).toEqual(['Feb', 'Jan']);
  });

  it('leaves no word out and adds none', () => {
    const words = (texts: string[]) => texts.join(' ').split(' ').sort();
    expect(words(read(columns).text)).toEqual(words(columns.flat().map(({ text }) => text)));
  });

  it('parts numbers that were found as one line', () => {
    const joined = columns.map((row, at) => (at === 1 ? [line('93 52', 175, 40, 80)] : row));
    joined[2] = [line('50', 20, 100)];
    expect(read(joined).text.slice(-3)).toEqual(['Jan 13', 'Feb 93', 'Mar 52']);
  });

  it('believes the height of a number before its digits', () => {
    const misread = columns.map((row, at) => (at === 1 ? [line('9', 150, 40)] : row));
    expect(read(misread)).toMatchObject({ most: 'Feb', least: 'Jan' });
  });

  it('tells by digits what is drawn alike', () => {
    const close = columns.map((row, at) => (at === 2 ? [line('95', 200, 44)] : row));
    expect(read(close)).toMatchObject({ most: 'Mar', least: 'Jan' });
  });

  it('names no one as the most where two are', () => {
    const equal = columns.map((row, at) => (at === 2 ? [line('93', 200, 40)] : row));
    expect(read(equal)).toMatchObject({ most: null, least: 'Jan' });
  });

  it('leaves the rows of lying bars as they are', () => {
    const { text, most, least } = read(bars);
    expect(text).toEqual(['Oak 112', 'Elm 150', 'Ash 30', '0 100 200']);
    expect([most, least]).toEqual(['Elm', 'Ash']);
  });

  it('reads a pie name by name, behind the rest', () => {
    const { image, names, numbers } = pie(
      [
        { colour: RED, share: 0.5, number: '50' },
        { colour: BLUE, share: 0.3, number: '30' },
        { colour: GREEN, share: 0.2, number: '20' },
      ],
      [
        ['Yes', RED],
        ['No', BLUE],
        ['Perhaps', GREEN],
      ],
    );
    const rows = [
      [line('Votes', 60, 0)],
      ...numbers.map((one) => [one]),
      ...names.map((one) => [one]),
    ];
    const { text, most, least } = read(rows, image);
    expect(text).toEqual(['Votes', 'Yes 50', 'No 30', 'Perhaps 20']);
    expect([most, least]).toEqual(['Yes', 'Perhaps']);
  });

  it('is no chart that has no pairs', () => {
    const receipt = [
      [line('Tea', 20, 0), line('2.50', 150, 0)],
      [line('Sum', 20, 30), line('5', 150, 30)],
    ];
    expect(readChart(receipt, BLANK)).toEqual({ rows: receipt, chart: null });
  });
});
