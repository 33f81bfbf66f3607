import { describe, expect, it } from 'vitest';
import { fitShape, PLAIN, shapeLevels, shapeName } from './tree-shape.ts';

const PAPER = { total: 59, depth: 5, topK: 10 };

describe('fitShape', () => {
  it('keeps a tree whose deepest path and bonus may still be written', () => {
    expect(fitShape(PAPER, 7)).toBe(PAPER);
  });

  it('drops the levels that could not be written', () => {
    for (const remaining of [2, 3, 4, 5, 6]) {
      expect(shapeLevels(fitShape(PAPER, remaining))).toBe(remaining - 1);
    }
  });

  it('is plain for the last token', () => {
    expect(fitShape(PAPER, 1)).toEqual(PLAIN);
  });
});

describe('shapeName', () => {
  it('names a tree by its three numbers, and plain decoding', () => {
    expect([shapeName(PAPER), shapeName(PLAIN)]).toEqual(['59,5,10', 'plain']);
  });
});
