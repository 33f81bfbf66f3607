import { describe, expect, it } from 'vitest';
import {
  append,
  appendOne,
  axisOf,
  constant,
  createGraph,
  dimOf,
  fixedDim,
  input,
  output,
  requireSameDtype,
  weight,
} from './graph.ts';
import { expectRefusal } from './testing/expect-refusal.ts';
import { refOf } from './testing/stored.ts';

describe('inputs and outputs', () => {
  it('can’t share a name', () => {
    const graph = createGraph('g');
    const x = input(graph, 'x', 'float32', [2]);
    expectRefusal(() => input(graph, 'x', 'int32', [3]), 'g', 'x');
    expectRefusal(() => output('x', x), 'g', 'x');
    output('y', x);
    expectRefusal(() => output('y', x), 'g', 'y');
    expectRefusal(() => input(graph, 'y', 'float32', [2]), 'g', 'y');
    expect(graph.inputs).toHaveLength(1);
    expect(graph.outputs).toHaveLength(1);
  });

  it.each(['', 'Add#0.0', '#'])('can’t be called "%s", which only the graph may', (name) => {
    const graph = createGraph('g');
    expectRefusal(() => input(graph, name, 'float32', [2]), `"${name}"`);
  });
});

describe('constant', () => {
  it('takes its type from its data', () => {
    const graph = createGraph('g');
    const dtypes = [new Float32Array(2), new Int32Array(2), new BigInt64Array(2)].map(
      (data) => constant(graph, data, [2]).dtype,
    );
    expect(dtypes).toEqual(['float32', 'int32', 'int64']);
    expect(new Set(graph.constants.map(({ value }) => value.name)).size).toBe(3);
  });

  it('needs as many numbers as its shape', () => {
    const graph = createGraph('g');
    expectRefusal(() => constant(graph, new Float32Array(5), [2, 3]), '[2, 3]', '6', '5');
    expect(constant(graph, new Float32Array(1), []).shape).toEqual([]);
  });
});

describe('weight', () => {
  it('is bound once, however often it is asked for', () => {
    const graph = createGraph('g');
    const table = refOf('table', [2, 3]);
    expect(weight(graph, { ...table })).toBe(weight(graph, table));
    expect(graph.bound.size).toBe(1);
  });

  it('of another file is another weight, though its name is the same', () => {
    const graph = createGraph('g');
    const target = refOf('norm.weight', [3]);
    const draft = { ...target, path: '/draft.safetensors' };
    const values = [weight(graph, target), weight(graph, draft)];
    expect([...graph.bound.values()].map(({ ref }) => ref)).toEqual([target, draft]);
    expect(values[0]?.name).not.toBe(values[1]?.name);
  });

  it('in memory is known by its name, which no other numbers may have', () => {
    const graph = createGraph('g');
    const held = { name: 'w', dtype: 'F32', shape: [2], data: new Float32Array(2) } as const;
    expect(weight(graph, held)).toBe(weight(graph, { ...held }));
    expect(weight(graph, refOf('w', [2]))).not.toBe(weight(graph, held));
    expectRefusal(() => weight(graph, { ...held, data: new Float32Array(2) }), 'called w');
  });

  it('can be read in another shape of the same size', () => {
    const graph = createGraph('g');
    const patch = refOf('patch', [4, 3, 2, 2]);
    expect(weight(graph, patch, [4, 12]).shape).toEqual([4, 12]);
    expect(weight(graph, patch).shape).toEqual([4, 3, 2, 2]);
    expectRefusal(() => weight(graph, patch, [4, 11]), 'patch', '[4, 3, 2, 2]', '[4, 11]');
  });

  it.each([
    ['F32', 'float32'],
    ['F16', 'float16'],
    ['BF16', 'bfloat16'],
  ] as const)('stored as %s is a %s', (stored, dtype) => {
    expect(weight(createGraph('g'), refOf('w', [1], stored)).dtype).toBe(dtype);
  });
});

describe('append', () => {
  it('names every value once', () => {
    const graph = createGraph('g');
    const x = input(graph, 'x', 'float32', [2]);
    const like = { dtype: x.dtype, shape: x.shape };
    const values = [...append('Two', [x], [like, like]), appendOne('One', [x], like), x];
    expect(new Set(values.map(({ name }) => name)).size).toBe(4);
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Two', 'One']);
  });

  it('refuses values of different graphs and leaves both as they were', () => {
    const [left, right] = [createGraph('left'), createGraph('right')];
    const [a, b] = [input(left, 'a', 'float32', [2]), input(right, 'b', 'float32', [2])];
    expectRefusal(() => appendOne('Add', [a, b], a), 'Add', 'left', 'right');
    expect([left.nodes, right.nodes]).toEqual([[], []]);
  });

  it('refuses a node without inputs', () => {
    expectRefusal(() => append('Add', [], []), 'Add');
  });
});

describe('axes', () => {
  const x = input(createGraph('g'), 'x', 'float32', ['n', 4, 8]);

  it('count from the end if negative', () => {
    expect([0, 2, -1, -3].map((axis) => axisOf(x, axis))).toEqual([0, 2, 2, 0]);
    expect([dimOf(x, -3), dimOf(x, 1), fixedDim(x, -1)]).toEqual(['n', 4, 8]);
  });

  it.each([3, -4, 0.5])('%d is none', (axis) => {
    expectRefusal(() => dimOf(x, axis), 'x', '[n, 4, 8]', String(axis));
  });

  it('of a size known at run time are no fixed ones', () => {
    expectRefusal(() => fixedDim(x, 0), 'x', '[n, 4, 8]');
  });
});

it('requireSameDtype gives the one type, or names both', () => {
  const graph = createGraph('g');
  const [a, b] = [input(graph, 'a', 'float32', [2]), input(graph, 'b', 'int32', [3])];
  expect(requireSameDtype('Op', [a, a])).toBe('float32');
  expectRefusal(() => requireSameDtype('Op', [a, b]), 'Op', 'float32', '[2]', 'int32', '[3]');
});
