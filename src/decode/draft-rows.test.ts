import { describe, expect, it } from 'vitest';
import { NonFiniteFeatureError } from '../contracts/errors.ts';
import { draftRows, joinDraftRows } from './draft-rows.ts';

const rows = (width: number, ...data: number[]) => ({
  data: Float32Array.from(data),
  count: data.length / width,
  width,
});
const pass = (...data: number[]) => ({
  features: rows(2, ...data),
  best: new Int32Array(0),
  cache: { keys: new Float32Array(0), values: new Float32Array(0), count: 0, first: 0 },
});
const accepted = { path: Int32Array.of(0, 2), tokens: Int32Array.of(8), bonus: 9 };

describe('draftRows', () => {
  it('pairs the features of the kept nodes with the tokens that follow them', () => {
    const axis = Int32Array.of(6, 7); // the root stands at 5
    expect(draftRows(pass(1, 2, 3, 4, 5, 6), accepted, 5)).toEqual({
      next: Int32Array.of(8, 9),
      features: rows(2, 1, 2, 5, 6),
      positions: { time: axis, height: axis, width: axis },
    });
  });

  it('looks at kept nodes only for a number that is not finite', () => {
    expect(() => draftRows(pass(1, 2, 3, NaN, 5, 6), accepted, 5)).not.toThrow();
    expect(() => draftRows(pass(1, 2, 3, 4, NaN, 6), accepted, 5)).toThrow(NonFiniteFeatureError);
    expect(() => draftRows(pass(1, Infinity, 3, 4, 5, 6), accepted, 5)).toThrow(
      NonFiniteFeatureError,
    );
  });
});

describe('joinDraftRows', () => {
  const text = { next: Int32Array.of(1, 2), features: rows(1, 10, 20) };
  const picture = {
    next: Int32Array.of(3, 0),
    features: rows(1, 30, 40),
    visual: { embeddings: rows(1, 7), slots: Int32Array.of(1) },
  };

  it('puts pieces in a row and moves their visual slots along', () => {
    expect(joinDraftRows([text, picture, text, picture])).toEqual({
      next: Int32Array.of(1, 2, 3, 0, 1, 2, 3, 0),
      features: rows(1, 10, 20, 30, 40, 10, 20, 30, 40),
      visual: { embeddings: rows(1, 7, 7), slots: Int32Array.of(3, 7) },
    });
  });

  it('has no visual rows where no piece has', () => {
    expect(joinDraftRows([text, text])).not.toHaveProperty('visual');
  });
});
