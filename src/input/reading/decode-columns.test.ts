import { describe, expect, it } from 'vitest';
import { decodeColumns } from './decode-columns.ts';

/** Columns whose best class is given with its probability. */
const columns = (...best: readonly (readonly [number, number])[]) =>
  Float32Array.from(
    best.flatMap(([index, probability]) =>
      [0, 1, 2].map((other) => (other === index ? probability : 0)),
    ),
  );

describe('decodeColumns', () => {
  it('drops blanks, and a class that goes on', () => {
    const said = columns([1, 1], [1, 1], [0, 1], [2, 1], [2, 1]);
    expect(decodeColumns(said, ['a', 'b'])).toMatchObject({ text: 'ab', confidence: 1 });
  });

  it('writes a letter twice where a blank stands between', () => {
    expect(decodeColumns(columns([1, 1], [0, 1], [1, 1]), ['a', 'b']).text).toBe('aa');
  });

  it('is as sure as the columns that it keeps', () => {
    const said = columns([1, 0.5], [1, 0.9], [0, 0.2], [2, 1]);
    expect(decodeColumns(said, ['a', 'b']).confidence).toBeCloseTo(0.75, 6);
  });

  it('says where each character is, twice for one of two units', () => {
    const said = columns([1, 1], [1, 1], [0, 1], [2, 1]);
    expect(decodeColumns(said, ['a', '𠮷']).places).toEqual([1 / 8, 7 / 8, 7 / 8]);
  });

  it('is not sure at all of nothing', () => {
    expect(decodeColumns(columns([0, 1]), ['a', 'b'])).toEqual({
      ...{ text: '', confidence: 0 },
      places: [],
    });
  });
});
