import { describe, expect, it, onTestFinished } from 'vitest';
import { DisposedError, GraphError } from '../contracts/errors.ts';
import { floatTensor, intTensor, type Session, type Tensor } from '../contracts/session.ts';
import { appendOne, createGraph, input, output } from '../graph/graph.ts';
import { add, cast } from '../graph/operators/elementwise.ts';
import { matmul } from '../graph/operators/matrix.ts';
import { createSession } from './session.ts';

const SETTINGS = { device: 'cpu', threads: 1 } as const;

/** sum = x + x and long = ids as int64, of x [n] and ids [n] */
async function opened(): Promise<Session> {
  const graph = createGraph('sums');
  const x = input(graph, 'x', 'float32', ['n']);
  output('sum', add(x, x));
  output('long', cast(input(graph, 'ids', 'int32', ['n']), 'int64'));
  output('half', cast(x, 'float16'));
  const session = await createSession(graph, SETTINGS);
  onTestFinished(() => session.dispose());
  return session;
}

const feeds = (numbers: readonly number[]) => ({
  x: floatTensor(Float32Array.from(numbers), [numbers.length]),
  ids: intTensor(Int32Array.from(numbers)),
});

describe('run', () => {
  it('gives the outputs that are asked for, with their types and shapes', async () => {
    const session = await opened();
    expect(await session.run(feeds([1, 2, 3]), ['long', 'sum'])).toEqual({
      sum: { dtype: 'float32', shape: [3], data: Float32Array.of(2, 4, 6) },
      long: { dtype: 'int64', shape: [3], data: BigInt64Array.of(1n, 2n, 3n) },
    });
    expect(Object.keys(await session.run(feeds([1]), ['sum']))).toEqual(['sum']);
  });

  it('reads what a fed tensor holds now, though it is the same tensor as before', async () => {
    const session = await opened();
    const cache = feeds([1, 2]);
    await session.run(cache, ['sum']);
    cache.x.data[1] = 50;
    expect((await session.run(cache, ['sum'])).sum?.data).toEqual(Float32Array.of(2, 100));
  });

  it('does not change an output after it was given', async () => {
    const session = await opened();
    const first = await session.run(feeds([1, 2]), ['sum']);
    await session.run(feeds([7, 8]), ['sum']);
    expect(first.sum?.data).toEqual(Float32Array.of(2, 4));
  });

  it('may be under way several times at once', async () => {
    const session = await opened();
    const runs = Array.from({ length: 20 }, (_, i) => session.run(feeds([i]), ['sum']));
    const sums = (await Promise.all(runs)).map(({ sum }) => sum?.data[0]);
    expect(sums).toEqual(Array.from({ length: 20 }, (_, i) => 2 * i));
  });

  const misfits: [string, Record<string, Tensor>, string[]][] = [
    ['an input is missing', { x: feeds([1]).x }, ['sum']],
    ['an input has another type', { ...feeds([1]), x: intTensor(Int32Array.of(1)) }, ['sum']],
    [
      'an input has another rank',
      { ...feeds([1]), x: floatTensor(new Float32Array(1), [1, 1]) },
      ['sum'],
    ],
    [
      'a shape does not fit its data',
      { ...feeds([1]), x: floatTensor(new Float32Array(2), [3]) },
      ['sum'],
    ],
    ['an output is unknown', feeds([1]), ['product']],
    ['an output has a type that sessions do not return', feeds([1]), ['half']],
  ];

  it.each(misfits)(
    'fails with the graph’s name where %s, and works on',
    async (_, wrong, asked) => {
      const session = await opened();
      const failure = session.run(wrong, asked);
      await expect(failure).rejects.toThrow(GraphError);
      await expect(failure).rejects.toThrow('Graph sums could not run');
      expect((await session.run(feeds([4]), ['sum'])).sum?.data).toEqual(Float32Array.of(8));
    },
  );
});

describe('dispose', () => {
  it('ends the session: later runs are a DisposedError', async () => {
    const session = await opened();
    await session.dispose();
    const run = session.run(feeds([1]), ['sum']);
    await expect(run).rejects.toThrow(DisposedError);
    await expect(run).rejects.toThrow('session sums was disposed');
  });

  it('may be called twice', async () => {
    const session = await opened();
    await Promise.all([session.dispose(), session.dispose()]);
    await expect(session.dispose()).resolves.toBeUndefined();
  });

  it('lets a run that is under way come to its end', async () => {
    const graph = createGraph('long');
    const x = input(graph, 'x', 'float32', [300, 300]);
    output(
      'y',
      Array.from({ length: 20 }).reduce<typeof x>((y) => matmul(y, x), x),
    );
    const session = await createSession(graph, SETTINGS);
    const run = session.run({ x: floatTensor(new Float32Array(90_000), [300, 300]) }, ['y']);
    const order: string[] = [];
    await Promise.all([
      session.dispose().then(() => order.push('disposed')),
      run.then(() => order.push('ran')),
    ]);
    expect(order).toEqual(['ran', 'disposed']);
  });
});

it('a graph that ONNX Runtime does not know is a GraphError with its name', async () => {
  const graph = createGraph('odd');
  const x = input(graph, 'x', 'float32', [1]);
  output('y', appendOne('NoSuchOperator', [x], { dtype: x.dtype, shape: x.shape }));
  const failure = createSession(graph, SETTINGS);
  await expect(failure).rejects.toThrow(GraphError);
  await expect(failure).rejects.toThrow(/Graph odd was refused by ONNX Runtime.*NoSuchOperator/s);
});
