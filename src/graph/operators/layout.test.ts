import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { floatTensor, intTensor, type Tensor } from '../../contracts/session.ts';
import { type Dim, formatShape } from '../dim.ts';
import { createGraph, type Graph, input, type Value } from '../graph.ts';
import { expectRefusal } from '../testing/expect-refusal.ts';
import { numRuns, size } from '../testing/random.ts';
import { runnable, runOnce } from '../testing/runnable.ts';
import { concat, gather, reshape, slice, split, splitLike, transpose } from './layout.ts';

/** 0, 1, 2, …: every place has a number of its own, so a test sees where each went. */
const counting = (shape: readonly number[], from = 0): Tensor => {
  const count = shape.reduce((product, dim) => product * dim, 1);
  return floatTensor(
    Float32Array.from({ length: count }, (_, i) => from + i),
    shape,
  );
};

/** The number at each place of a tensor, by indices. */
function at({ data, shape }: Tensor, indices: readonly number[]): number {
  const place = indices.reduce((sum, index, axis) => sum * (shape[axis] as number) + index, 0);
  return Number(data[place]);
}

/** Every list of indices into a shape, the last axis fastest. */
const places = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>(
    (lists, dim) => lists.flatMap((list) => Array.from({ length: dim }, (_, i) => [...list, i])),
    [[]],
  );

const value = (shape: readonly Dim[], dtype: Value['dtype'] = 'float32', graph?: Graph) => {
  const into = graph ?? createGraph('g');
  return input(into, `x${into.inputs.length}`, dtype, shape);
};
/** Values of one graph. */
const values = (...shapes: readonly (readonly Dim[])[]): Value[] => {
  const graph = createGraph('g');
  return shapes.map((shape) => value(shape, 'float32', graph));
};

describe('reshape', () => {
  it('keeps the numbers in order, and a named size takes what is left', async () => {
    const { run, dispose } = await runnable((graph) => {
      const x = input(graph, 'x', 'float32', ['n', 12]);
      return { cut: reshape(x, ['n', 3, 4]), flat: reshape(x, ['all']) };
    });
    for (const n of [1, 5]) {
      const x = counting([n, 12]);
      const { cut, flat } = await run({ x });
      expect(cut).toEqual({ ...x, shape: [n, 3, 4] });
      expect(flat).toEqual({ ...x, shape: [n * 12] });
    }
    await dispose();
  });

  it.each<[from: Dim[], to: Dim[]]>([
    [
      [2, 6],
      [3, 5],
    ],
    [
      ['n', 12],
      ['n', 3, 5],
    ],
    [['n', 12], ['n']],
    [
      ['n', 'm'],
      ['m', 'n'],
    ],
    [
      ['n', 6],
      [0, 'm'],
    ],
    [
      [2, 6],
      [-1, 6],
    ],
    [
      [1, 64],
      [1, 3, 64 / 3],
    ],
  ])('refuses %j to %j and names both', (from, to) => {
    expectRefusal(() => reshape(value(from), to), formatShape(from), formatShape(to));
  });
});

describe('transpose', () => {
  it('puts axis order[i] at place i', async () => {
    const problems = fc
      .array(size(4), { minLength: 1, maxLength: 4 })
      .chain((shape) =>
        fc.tuple(
          fc.constant(shape),
          fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
        ),
      );
    const property = fc.asyncProperty(problems, async ([shape, order]) => {
      const x = counting(shape);
      const { y } = await runOnce({ x }, (graph) => ({
        y: transpose(input(graph, 'x', 'float32', shape), order),
      }));
      for (const place of places(shape)) {
        const moved = order.map((axis) => place[axis] as number);
        expect(at(y as Tensor, moved)).toBe(at(x, place));
      }
    });
    await fc.assert(property, { numRuns });
  });

  it('moves names with their axes', () => {
    expect(transpose(value(['n', 2, 'c']), [2, 0, 1]).shape).toEqual(['c', 'n', 2]);
  });

  it.each([[[0, 1]], [[0, 1, 1]], [[0, 1, 3]], [[0, 1, 2, 3]], [[-1, 0, 1]]])(
    'refuses order %j for three axes',
    (order) => {
      expectRefusal(() => transpose(value(['n', 4, 8]), order), '[n, 4, 8]', formatShape(order));
    },
  );
});

describe('concat', async () => {
  const { run, dispose } = await runnable((graph) => {
    const a = input(graph, 'a', 'float32', [2, 'm', 3]);
    const b = input(graph, 'b', 'float32', [2, 'n', 3]);
    return { joined: concat([a, b, a], 1), last: concat([a, a], -1) };
  });
  afterAll(dispose);

  it('puts one after the other, and adds the names of their sizes', async () => {
    const sizes = fc.tuple(size(), size());
    const property = fc.asyncProperty(sizes, async ([m, n]) => {
      const [a, b] = [counting([2, m, 3]), counting([2, n, 3], 1000)];
      const { joined, last } = await run({ a, b });
      for (const [i, j, k] of places([2, m, 3]) as [number, number, number][]) {
        expect(at(joined as Tensor, [i, j, k])).toBe(at(a, [i, j, k]));
        expect(at(joined as Tensor, [i, m + n + j, k])).toBe(at(a, [i, j, k]));
        expect(at(last as Tensor, [i, j, 3 + k])).toBe(at(a, [i, j, k]));
      }
      for (const [i, j, k] of places([2, n, 3]) as [number, number, number][]) {
        expect(at(joined as Tensor, [i, m + j, k])).toBe(at(b, [i, j, k]));
      }
    });
    await fc.assert(property, { numRuns });
  });

  it('infers a sum in its canonical form', () => {
    const [past, one, more] = values(['past', 4], ['n', 4], [2, 4]) as [Value, Value, Value];
    expect(concat([past, more, one], 0).shape).toEqual(['n+past+2', 4]);
    expect(concat([one, past, more], -2).shape).toEqual(['n+past+2', 4]);
  });

  it('of one value is that value', () => {
    const x = value(['n', 4]);
    expect(concat([x], 0)).toBe(x);
  });

  it.each<[a: Dim[], b: Dim[], axis: number]>([
    [['n', 4], ['n', 5], 0],
    [['n', 4], ['m', 4], 1],
    [['n', 4], ['n', 4, 1], 0],
    [['n', 4], ['n'], 0],
  ])('refuses %j with %j on axis %d and names both', (a, b, axis) => {
    expectRefusal(() => concat(values(a, b), axis), 'Concat', formatShape(a), formatShape(b));
  });

  it('refuses nothing at all, an axis that is none, mixed types, mixed graphs', () => {
    expectRefusal(() => concat([], 0), 'Concat');
    expectRefusal(() => concat(values(['n', 4], ['n', 4]), 2), '[n, 4]', '2');
    const graph = createGraph('g');
    const mixed = [value([2], 'float32', graph), value([3], 'int32', graph)];
    expectRefusal(() => concat(mixed, 0), 'Concat', 'float32', '[2]', 'int32', '[3]');
    expectRefusal(() => concat([value([2]), value([2])], 0), 'Concat');
  });
});

describe('split', () => {
  it('cuts an axis into parts that concat joins again', async () => {
    const sizes = fc.array(size(4), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(sizes, fc.constantFrom(0, 1, -1), async (parts, axis) => {
      const total = parts.reduce((sum, part) => sum + part, 0);
      const shape = axis === 0 ? [total, 2] : [2, total];
      const x = counting(shape);
      const result = await runOnce({ x }, (graph) => {
        const cut = split(input(graph, 'x', 'float32', shape), parts, axis);
        const named = Object.fromEntries(cut.map((part, index) => [`part_${index}`, part]));
        return { ...named, joined: concat(cut, axis) };
      });
      expect(result.joined).toEqual(x);
      for (const [index, part] of parts.entries()) {
        expect(result[`part_${index}`]?.shape).toEqual(axis === 0 ? [part, 2] : [2, part]);
      }
    });
    await fc.assert(property, { numRuns });
  });

  it('refuses parts that do not fill the axis', () => {
    expectRefusal(() => split(value(['n', 8]), [3, 4], 1), '[3, 4]', '[n, 8]');
    expectRefusal(() => split(value(['n', 8]), [3, 4], 2), '[n, 8]', '2');
  });

  it('refuses an axis of a size known at run time', () => {
    expectRefusal(() => split(value(['n', 8]), [3, 4], 0), '[n, 8]');
  });
});

describe('splitLike', async () => {
  const { run, dispose } = await runnable((graph) => {
    const a = input(graph, 'a', 'float32', [2, 'c']);
    const b = input(graph, 'b', 'float32', [5, 'n']);
    const x = input(graph, 'x', 'float32', [2, 'c+n']);
    const [first, second] = splitLike(x, [a, b], -1) as [Value, Value];
    return { first, second };
  });
  afterAll(dispose);

  it('cuts where two other values say at run time', async () => {
    const sizes = fc.tuple(fc.nat(4), size());
    const property = fc.asyncProperty(sizes, async ([c, n]) => {
      const x = counting([2, c + n]);
      const { first, second } = await run({ a: counting([2, c]), b: counting([5, n]), x });
      for (const [i, j] of places([2, c]) as [number, number][]) {
        expect(at(first as Tensor, [i, j])).toBe(at(x, [i, j]));
      }
      for (const [i, j] of places([2, n]) as [number, number][]) {
        expect(at(second as Tensor, [i, j])).toBe(at(x, [i, c + j]));
      }
    });
    await fc.assert(property, { numRuns });
  });

  it('refuses parts that do not fill the axis', () => {
    const [a, b, x] = values([2, 'c'], [2, 'n'], [2, 'c+m']) as [Value, Value, Value];
    expectRefusal(() => splitLike(x, [a, b], 1), '[c, n]', '[2, c+m]');
  });
});

describe('slice', () => {
  it('takes a range of an axis', async () => {
    const problems = fc.tuple(fc.nat(5), size(4), fc.nat(5)).map(([start, length, rest]) => ({
      start,
      end: start + length,
      total: start + length + rest,
    }));
    const property = fc.asyncProperty(problems, async ({ start, end, total }) => {
      const x = counting([2, total]);
      const { y } = await runOnce({ x }, (graph) => ({
        y: slice(input(graph, 'x', 'float32', ['n', total]), -1, start, end),
      }));
      for (const [i, j] of places([2, end - start]) as [number, number][]) {
        expect(at(y as Tensor, [i, j])).toBe(at(x, [i, start + j]));
      }
    });
    await fc.assert(property, { numRuns });
  });

  it.each([
    [-1, 3],
    [0, 9],
    [3, 3],
    [5, 2],
  ])('refuses %d:%d of 8', (start, end) => {
    expectRefusal(() => slice(value(['n', 8]), 1, start, end), `${start}:${end}`, '[n, 8]');
  });

  it('refuses an axis of a size known at run time', () => {
    expectRefusal(() => slice(value(['n', 8]), 0, 0, 1), '[n, 8]');
  });
});

describe('gather', () => {
  it('takes rows, as often and in the order that the indices say', async () => {
    const problems = size(6).chain((rows) =>
      fc.tuple(fc.constant(rows), fc.array(fc.nat(rows - 1), { maxLength: 7 })),
    );
    const { run, dispose } = await runnable((graph) => {
      const table = input(graph, 'table', 'float32', ['rows', 2, 3]);
      return { y: gather(table, input(graph, 'ids', 'int32', ['n'])) };
    });
    const property = fc.asyncProperty(problems, async ([rows, ids]) => {
      const table = counting([rows, 2, 3]);
      const { y } = await run({ table, ids: intTensor(Int32Array.from(ids)) });
      const expected = ids.flatMap((id) => Array.from({ length: 6 }, (_, i) => id * 6 + i));
      expect(Array.from(y?.data ?? [], Number)).toEqual(expected);
    });
    await fc.assert(property, { numRuns });
    await dispose();
  });

  it('infers the shape of the indices, then that of a row', () => {
    const graph = createGraph('g');
    const [table, ids] = [value([9, 4, 2], 'bfloat16', graph), value(['n', 'w'], 'int64', graph)];
    expect(gather(table, ids)).toMatchObject({ dtype: 'bfloat16', shape: ['n', 'w', 4, 2] });
  });

  it('refuses indices that are no integers, and a table without rows', () => {
    const graph = createGraph('g');
    const [table, single] = [value([9, 4], 'float32', graph), value([], 'float32', graph)];
    const [ids, wrong] = [value(['n'], 'int32', graph), value(['n'], 'float32', graph)];
    expectRefusal(() => gather(table, wrong), 'Gather', '[9, 4]', '[n]', 'float32');
    expectRefusal(() => gather(single, ids), 'Gather', '[]', '[n]');
    expectRefusal(() => gather(table, value(['n'], 'int32')), 'Gather');
  });
});
