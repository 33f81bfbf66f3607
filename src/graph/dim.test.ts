import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDims, broadcastShapes, countsDiffer, type Dim, formatShape, withDim } from './dim.ts';
import { numRuns } from './testing/random.ts';

const SIZES: Readonly<Record<string, number>> = { c: 2, m: 30, n: 400, past: 5000 };
const atom = fc.oneof(fc.nat(9), fc.constantFrom(...Object.keys(SIZES)));
/** A dimension as graphs make them: a sum of atoms. */
const dim = fc.array(atom, { minLength: 1, maxLength: 4 }).map((atoms) => atoms.reduce(addDims));
const sizeOf = (value: Dim): number =>
  String(value)
    .split('+')
    .reduce((sum, term) => sum + (SIZES[term] ?? Number(term)), 0);

describe('addDims', () => {
  it('is a sum: any order and any grouping give one and the same form', () => {
    const property = fc.property(dim, dim, dim, (a, b, c) => {
      expect(addDims(b, a)).toBe(addDims(a, b));
      expect(addDims(addDims(a, b), c)).toBe(addDims(a, addDims(b, c)));
    });
    fc.assert(property, { numRuns });
  });

  it('has the size of both together', () => {
    const property = fc.property(dim, dim, (a, b) => {
      expect(sizeOf(addDims(a, b))).toBe(sizeOf(a) + sizeOf(b));
    });
    fc.assert(property, { numRuns });
  });

  it('leaves a dimension as it is when nothing is added', () => {
    const property = fc.property(dim, (a) => {
      expect(addDims(a, 0)).toBe(a);
      expect(addDims(0, a)).toBe(a);
    });
    fc.assert(property, { numRuns });
  });

  it('writes names in order and the number last', () => {
    expect(addDims(addDims(2, 'past'), addDims('n', 3))).toBe('n+past+5');
  });
});

describe('broadcastShapes', () => {
  const shape = fc.array(fc.constantFrom(0, 1, 2, 3), { maxLength: 4 });

  /** Numpy's rule in its own words: aligned at the end, sizes are equal, or one of them is 1. */
  function numpy(a: readonly number[], b: readonly number[]): number[] | undefined {
    const rank = Math.max(a.length, b.length);
    const fill = (s: readonly number[]) => [...Array<number>(rank - s.length).fill(1), ...s];
    const [x, y] = [fill(a), fill(b)];
    const wanted = x.map((d, i) => [...new Set([d, y[i] as number])].filter((s) => s !== 1));
    if (wanted.some((sizes) => sizes.length > 1)) return undefined;
    return wanted.map(([only]) => only ?? 1);
  }

  it('is numpy’s on numbers', () => {
    const property = fc.property(shape, shape, (a, b) => {
      expect(broadcastShapes(a, b)).toEqual(numpy(a, b));
    });
    fc.assert(property, { numRuns });
  });

  it.each<[a: Dim[], b: Dim[], result: Dim[] | undefined]>([
    [
      ['n', 1, 8],
      ['n', 4, 8],
      ['n', 4, 8],
    ],
    [['c+n'], ['n', 'c+n'], ['n', 'c+n']],
    [[1], ['n', 1], ['n', 1]],
    [['n'], ['m'], undefined],
    [['n'], [4], undefined],
  ])('%j with %j gives %j', (a, b, result) => {
    expect(broadcastShapes(a, b)).toEqual(result);
    expect(broadcastShapes(b, a)).toEqual(result);
  });
});

describe('countsDiffer', () => {
  it.each<[a: Dim[], b: Dim[], differ: boolean]>([
    [[2, 6], [3, 4], false],
    [[2, 6], [3, 5], true],
    [[], [1, 1], false],
    [['n', 12], [3, 'n', 4], false],
    [['n', 12], ['n', 6], true],
    [['n', 12], ['n'], true],
    [['n', 'm'], ['m', 'n', 2], true],
    [['n', 12], ['m', 6], false],
    [['n'], [6], false],
  ])('%j and %j: %s', (a, b, differ) => {
    expect(countsDiffer(a, b)).toBe(differ);
    expect(countsDiffer(b, a)).toBe(differ);
  });
});

it('withDim changes one axis and leaves the shape that it was given', () => {
  const shape = [2, 'n', 3];
  expect(withDim(shape, 1, 'm')).toEqual([2, 'm', 3]);
  expect(shape).toEqual([2, 'n', 3]);
});

it('formatShape shows names and numbers alike', () => {
  expect(formatShape(['n', 1, 'c+n'])).toBe('[n, 1, c+n]');
  expect(formatShape([])).toBe('[]');
});
