import { describe, expect, it } from 'vitest';
import { EQUAL, holds, type Line, least, most } from './line.ts';
import { renderTable } from './table.ts';
import { createTally } from './tally.ts';

const line = (given: Partial<Line>): Line => ({
  what: 'a',
  against: 'b',
  bound: most(1e-4),
  worst: 0,
  count: 1,
  unit: 'rows',
  ...given,
});

describe('a line holds', () => {
  it.each<[string, Partial<Line>, boolean]>([
    ['at its bound', { worst: 1e-4 }, true],
    ['not beyond it', { worst: 1.1e-4 }, false],
    ['not below a least value', { bound: least(3), worst: 2.9 }, false],
    ['not where one thing differs', { bound: EQUAL, worst: 1 }, false],
    ['not if nothing was compared', { count: 0 }, false],
    ['not if its figure is no number', { worst: Number.NaN }, false],
    [
      'not if its figure is no number and should be large',
      { bound: least(0), worst: Number.NaN },
      false,
    ],
  ])('%s', (_, given, expected) => {
    expect(holds(line(given))).toBe(expected);
  });
});

describe('a tally', () => {
  it('keeps NaN, whatever comes after it', () => {
    const tally = createTally();
    tally.add(Number.NaN);
    tally.add(1);
    expect(tally.worst).toBeNaN();
  });

  it('names what differs', () => {
    const tally = createTally();
    tally.equal(true, 'x');
    tally.equal(false, 'y');
    expect([tally.worst, tally.count, tally.notes]).toEqual([1, 2, ['y differs']]);
  });
});

describe('the table', () => {
  const verdict = (...lines: Line[]) =>
    renderTable(lines.map((one) => ({ check: 'c', ...one })))
      .trimEnd()
      .split('\n')
      .at(-1);

  it('ends with a verdict', () => {
    expect(verdict(line({}), line({}))).toBe('parity: all 2 rows within bounds');
    expect(verdict(line({}), line({ worst: 1 }))).toBe('parity: 1 of 2 rows breached');
  });
});
