import { describe, expect, it } from 'vitest';
import { createGraph, input, output } from './graph.ts';
import { bytesOf, livePeak } from './live-peak.ts';
import { add, relu } from './operators/elementwise.ts';
import { concat, reshape } from './operators/layout.ts';
import { matmul } from './operators/matrix.ts';

const SIZES = { n: 10 };
const square = (name: string) => {
  const graph = createGraph(name);
  return { graph, x: input(graph, 'x', 'float32', ['n', 'n']) };
};
const ONE = 4 * 10 * 10;

describe('the most that is alive at once', () => {
  it('of a chain is two links: what is read and what is made', () => {
    const { graph, x } = square('chain');
    output('y', matmul(matmul(matmul(matmul(x, x), x), x), x));
    expect(livePeak(graph)(SIZES)).toBe(2 * ONE);
  });

  it('counts what waits to be read again', () => {
    const { graph, x } = square('waits');
    const early = matmul(x, x);
    output('y', add(matmul(matmul(matmul(early, x), x), x), early));
    expect(livePeak(graph)(SIZES)).toBe(3 * ONE);
  });

  it('lays element by element over what nobody needs any more', () => {
    const { graph, x } = square('in place');
    output('y', relu(relu(matmul(x, x))));
    expect(livePeak(graph)(SIZES)).toBe(ONE);
  });

  it('makes nothing of a new shape', () => {
    const { graph, x } = square('view');
    output('y', reshape(reshape(matmul(x, x), ['r']), [5, 20]));
    expect(livePeak(graph)({ ...SIZES, r: 100 })).toBe(ONE);
  });

  it('keeps outputs to the end', () => {
    const { graph, x } = square('outputs');
    const first = matmul(x, x);
    output('first', first);
    output('y', matmul(matmul(matmul(first, x), x), x));
    expect(livePeak(graph)(SIZES)).toBe(3 * ONE);
  });
});

describe('sizes', () => {
  it('add and multiply names', () => {
    const graph = createGraph('sizes');
    const x = input(graph, 'x', 'float32', ['n', 3]);
    expect(bytesOf(concat([x, x], 0), { n: 4 })).toBe(4 * 8 * 3);
    expect(bytesOf({ dtype: 'int64', shape: ['p*65', '(n*2)'] }, { p: 2, n: 3 })).toBe(8 * 130 * 6);
  });

  it('of names that a reshape makes follow from what it reads', () => {
    const { graph, x } = square('made');
    output('y', add(reshape(matmul(x, x), ['squares', 25]), reshape(x, ['squares', 25])));
    expect(livePeak(graph)(SIZES)).toBe(2 * ONE);
  });

  it('must be known', () => {
    expect(() => bytesOf({ dtype: 'float32', shape: ['n', 'm'] }, { n: 1 })).toThrow(/size of m/);
  });
});
