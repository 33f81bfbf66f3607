import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Tensor } from '../../../contracts/session.ts';
import { appendOne, createGraph, input, type Value } from '../../graph.ts';
import { add, cast, equals, greater, log } from '../../operators/elementwise.ts';
import {
  oneHot,
  padAxis,
  scatterLast,
  scatterRows,
  shapeOf,
  zerosLike,
} from '../../operators/layout.ts';
import { argmaxLast, maxAlong, maxLast, topk } from '../../operators/reduce.ts';
import { listProblems, OPERATOR_PROBLEMS } from '../operator-problems.ts';
import type { Pose, Problems } from '../posed.ts';
import { type Posed, posed } from '../posed.ts';
import { numRuns } from '../random.ts';
import { runnable } from '../runnable.ts';
import { type Doubles, doubles } from './doubles.ts';
import { evaluate, KERNELS } from './evaluate.ts';
import { tensorOf } from './tensor-of.ts';

/** Operators through which no gradient flows. */
const OTHER_PROBLEMS: Problems = {
  ArgMax: { 'of different numbers': ({ floats }) => argmaxLast(floats(['n', 5], { apart: true })) },
  Cast: {
    'to whole numbers': ({ floats }) => cast(floats(['n', 3], { away: [-1, 0, 1] }), 'int64'),
  },
  ConstantOfShape: { zeros: ({ floats }) => zerosLike(floats(['n', 3])) },
  Equal: {
    'of places': ({ places }) => cast(equals(places(['n', 3], 3), places([3], 3)), 'float32'),
  },
  Greater: { 'of rows': ({ floats }) => greater(floats(['n', 3]), floats([3])) },
  Log: { 'of positive numbers': ({ floats }) => log(floats(['n', 3], { from: 0.3, to: 3 })) },
  OneHot: { 'of places': ({ places }) => oneHot(places(['n'], 5), 5) },
  Pad: { 'of a middle axis': ({ floats }) => padAxis(floats(['n', 2, 'm']), 1, 1, 5) },
  ReduceMax: {
    'over the last axis': ({ floats }) => maxLast(floats(['n', 5])),
    'along the first axis': ({ floats }) => maxAlong(floats([3, 'n']), 0),
  },
  ScatterElements: {
    'rows added where they meet': ({ floats, places }) =>
      scatterRows(floats(['n', 2]), places(['n'], 'r'), floats(['r', 2])),
    'numbers set': ({ floats, integers }) => {
      const x = floats(['n', 5], { apart: true });
      const { values, indices } = topk(x, integers([2]), 'k');
      return scatterLast(values, indices, x);
    },
  },
  Shape: { 'of rows': ({ floats }) => shapeOf(floats(['n', 3, 'm'])) },
  TopK: {
    'places and values': ({ floats, integers, size }) =>
      Object.values(topk(floats(['n', 5], { apart: true }), integers([size(5)]), 'k')),
  },
};

const problems = [...listProblems(OPERATOR_PROBLEMS), ...listProblems(OTHER_PROBLEMS)];
/** Half precision is rounded by ONNX Runtime alone. */
const tolerance = (what: string) => (what === 'through a half' ? 1e-3 : 1e-5);

it('has a problem for each of its operators', () => {
  const posedOps = new Set(problems.map(([op]) => op));
  expect([...posedOps].sort()).toEqual(Object.keys(KERNELS).sort());
});

describe('agrees with ONNX Runtime', () => {
  it.each(problems)('%s %s', async (_, what, pose) => {
    const property = fc.asyncProperty(fc.nat(), async (seed) => {
      const { wanted, given, run } = await open(pose, seed);
      const results = await run();
      for (const [i, reference] of evaluate(wanted, given).entries()) {
        const result = results[`y${i}`] as Tensor;
        expect(result.shape).toEqual(reference.shape);
        expect(largestDifference(result, reference)).toBeLessThanOrEqual(tolerance(what));
      }
    });
    await fc.assert(property, { numRuns: Math.ceil(numRuns / 20) });
  });
});

async function open(pose: Pose, seed: number) {
  let problem: Posed | undefined;
  let wanted: Value[] = [];
  const { run, dispose } = await runnable((graph) => {
    problem = posed(graph, seed);
    wanted = [pose(problem)].flat();
    return Object.fromEntries(wanted.map((value, i) => [`y${i}`, value]));
  });
  onTestFinished(dispose);
  const { given } = problem as Posed;
  const feeds = Object.fromEntries(
    [...given].map(([x, numbers]) => [x.name, tensorOf(x, numbers)]),
  );
  return { wanted, given, run: () => run(feeds) };
}

/** Relative for numbers above 1. */
function largestDifference({ data }: Tensor, reference: Doubles): number {
  const differences = Array.from(data, Number).map((x, i) => {
    const y = reference.data[i] as number;
    return Math.abs(x - y) / Math.max(1, Math.abs(y));
  });
  return Math.max(...differences);
}

describe('refuses', () => {
  it('an operator that it does not have', () => {
    const { floats, given } = posed(createGraph('g'), 1);
    const x = floats([2]);
    const y = appendOne('Tanh', [x], x);
    expect(() => evaluate([y], given)).toThrow('the reference has no Tanh');
  });

  it('a value whose shape is not the one that the graph gives it', () => {
    const { graph, given } = posed(createGraph('g'), 1);
    const x = input(graph, 'x', 'float32', [2, 3]);
    given.set(x, doubles([1, 2], [2, 1]));
    expect(() => evaluate([add(x, x)], given)).toThrow('x [2, 3] is [2, 1]');
  });

  it('a name with two sizes', () => {
    const { graph, given } = posed(createGraph('g'), 1);
    const a = input(graph, 'a', 'float32', ['n']);
    const b = input(graph, 'b', 'float32', ['n']);
    given.set(a, doubles([1, 2], [2])).set(b, doubles([1], [1]));
    expect(() => evaluate([add(a, b)], given)).toThrow('n = 2');
  });
});
