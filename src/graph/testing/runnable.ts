import { expect } from 'vitest';
import type { Tensor } from '../../contracts/session.ts';
import { createSession } from '../../runtime/session.ts';
import type { Dim } from '../dim.ts';
import { createGraph, type Graph, output, type Value } from '../graph.ts';

type Tensors = Readonly<Record<string, Tensor>>;
type Sizes = Record<string, number>;

/** A graph on the CPU, run as often as a test likes. */
export interface Runnable {
  run(feeds: Tensors): Promise<Record<string, Tensor>>;
  dispose(): Promise<void>;
}

/** Makes the values that `build` returns the outputs. Every run checks the inferred types and shapes of all of them. */
export async function runnable(build: (graph: Graph) => Record<string, Value>): Promise<Runnable> {
  const graph = createGraph('test');
  const values = build(graph);
  for (const [name, value] of Object.entries(values)) output(name, value);
  const session = await createSession(graph, { device: 'cpu', threads: 1 });
  return {
    async run(feeds) {
      const results = await session.run(feeds, Object.keys(values));
      const sizes = namedSizes(graph.inputs, feeds);
      for (const [name, { dtype, shape }] of Object.entries(values)) {
        const result = results[name] as Tensor;
        expect(result.dtype, `type of ${name}`).toBe(dtype);
        const inferred = shape.map((dim, axis) => sizeOf(dim, sizes) ?? result.shape[axis]);
        expect(result.shape, `shape of ${name} [${shape.join(', ')}]`).toEqual(inferred);
      }
      return results;
    },
    dispose: () => session.dispose(),
  };
}

/** Builds, runs once and disposes. */
export async function runOnce(
  feeds: Tensors,
  build: (graph: Graph) => Record<string, Value>,
): Promise<Record<string, Tensor>> {
  const { run, dispose } = await runnable(build);
  try {
    return await run(feeds);
  } finally {
    await dispose();
  }
}

function namedSizes(inputs: readonly Value[], feeds: Tensors): Sizes {
  const sizes: Sizes = {};
  for (const { name, shape } of inputs) {
    for (const [axis, dim] of shape.entries()) {
      if (typeof dim === 'string') sizes[dim] = feeds[name]?.shape[axis] as number;
    }
  }
  return sizes;
}

/** The size of a dimension such as `n+past+2`; undefined where an operator gave it a name that no input has. */
function sizeOf(dim: Dim, sizes: Sizes): number | undefined {
  if (typeof dim === 'number') return dim;
  if (sizes[dim] !== undefined) return sizes[dim];
  const terms = dim.split('+').map((term) => (/^\d+$/.test(term) ? Number(term) : sizes[term]));
  return terms.some((term) => term === undefined)
    ? undefined
    : terms.reduce<number>((sum, term) => sum + (term as number), 0);
}
