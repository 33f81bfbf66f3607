import fc from 'fast-check';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { floatsOf } from '../../contracts/session.ts';
import { appendOne, createGraph, input, type Value } from '../graph.ts';
import { add, cast, mul, pow, relu } from '../operators/elementwise.ts';
import { sumAll } from '../operators/reduce.ts';
import { expectRefusal } from '../testing/expect-refusal.ts';
import { directionError, distance, worstCase } from '../testing/gradient-errors.ts';
import { listProblems, OPERATOR_PROBLEMS } from '../testing/operator-problems.ts';
import type { Pose } from '../testing/posed.ts';
import { type Posed, posed } from '../testing/posed.ts';
import { numRuns } from '../testing/random.ts';
import type { Doubles } from '../testing/reference/doubles.ts';
import { evaluate } from '../testing/reference/evaluate.ts';
import { tensorOf } from '../testing/reference/tensor-of.ts';
import { runnable } from '../testing/runnable.ts';
import { weightedSum } from '../testing/weighted-sum.ts';
import { differentiate } from './differentiate.ts';
import { RULES } from './rules.ts';

const problems = listProblems(OPERATOR_PROBLEMS);
const seeds = { numRuns: Math.ceil(numRuns / 30) };

it('every rule has a problem', () => {
  const missing = [...RULES.keys()].filter((op) => OPERATOR_PROBLEMS[op] === undefined);
  expect(missing).toEqual([]);
});

it.each(problems)('the problem %s %s has that operator', (op, _, pose) => {
  const graph = createGraph('g');
  pose(posed(graph, 1));
  expect(graph.nodes.map((node) => node.op)).toContain(op);
});

describe('along a random direction the gradient is the slope', () => {
  const worst = worstCase();
  afterAll(() => console.info(`largest |g·u - fd| / ‖g‖‖u‖ of operators: ${worst}`));

  it.each(problems)('%s %s', (op, what, pose) => {
    const property = fc.property(fc.nat(), (seed) => {
      const problem = posed(createGraph('g'), seed);
      const { loss, gradients } = gradientsOf(problem, pose);
      const { variables, given, random } = problem;
      for (const [i, g] of evaluate(gradients, given).entries()) {
        const error = directionError(loss, variables[i] as Value, g, given, random);
        worst.note(error, `${op} ${what}, seed ${seed}`);
        // 1e-3 is promised; in double precision only the step's own error is left.
        expect(error).toBeLessThanOrEqual(1e-6);
      }
    });
    fc.assert(property, seeds);
  });
});

describe('ONNX Runtime computes the same gradient in single precision', () => {
  const worst = worstCase();
  afterAll(() => console.info(`largest ‖g32 - g64‖ / ‖g64‖ of operators: ${worst}`));

  it.each(problems)('%s %s', async (op, what, pose) => {
    const halves = what === 'through a half'; // the gradient is rounded to a half too
    const property = fc.asyncProperty(fc.nat(), async (seed) => {
      const { exact, single } = await inBoth(pose, seed);
      for (const [i, { data }] of exact.entries()) {
        const error = distance(single[i] as Float32Array, data);
        if (halves) expect(error).toBeLessThanOrEqual(1e-3);
        else expect(worst.note(error, `${op} ${what}, seed ${seed}`)).toBeLessThanOrEqual(1e-4);
      }
    });
    await fc.assert(property, seeds);
  });
});

function gradientsOf(problem: Posed, pose: Pose): { loss: Value; gradients: Value[] } {
  const loss = weightedSum([pose(problem)].flat(), problem);
  return { loss, gradients: differentiate(loss, problem.variables) };
}

async function inBoth(
  pose: Pose,
  seed: number,
): Promise<{ exact: Doubles[]; single: Float32Array[] }> {
  const made: { problem: Posed; gradients: Value[] }[] = [];
  const { run, dispose } = await runnable((graph) => {
    const problem = posed(graph, seed);
    const { gradients } = gradientsOf(problem, pose);
    made.push({ problem, gradients });
    return Object.fromEntries(gradients.map((value, i) => [`g${i}`, value]));
  });
  onTestFinished(dispose);
  const [{ problem, gradients }] = made as [(typeof made)[number]];
  const feeds = [...problem.given].map(([x, numbers]) => [x.name, tensorOf(x, numbers)]);
  const results = await run(Object.fromEntries(feeds));
  return {
    exact: evaluate(gradients, problem.given),
    single: gradients.map((_, i) => floatsOf(results, `g${i}`)),
  };
}

describe('refuses', () => {
  const line = () => input(createGraph('g'), 'x', 'float32', ['n', 3]);

  it('an operator without a rule, and names it and its value', () => {
    const x = line();
    const y = appendOne('Tanh', [x], x);
    expectRefusal(() => differentiate(sumAll(y), [x]), 'Tanh', y.name);
  });

  it('no operator without a rule that no gradient passes', () => {
    const x = line();
    const beside = appendOne('Tanh', [input(x.graph, 'y', 'float32', ['n', 3])], x);
    expect(() => differentiate(sumAll(mul(x, beside)), [x])).not.toThrow();
  });

  it('a value that the loss does not depend on', () => {
    const x = line();
    const other = input(x.graph, 'other', 'float32', [3]);
    expectRefusal(() => differentiate(sumAll(x), [x, other]), 'other');
  });

  it('a value that the loss depends on through whole numbers only', () => {
    const x = line();
    const whole = cast(cast(x, 'int32'), 'float32');
    expectRefusal(() => differentiate(sumAll(whole), [x]), 'x');
  });

  it('a loss that is more than one number', () => {
    const x = line();
    expectRefusal(() => differentiate(relu(x), [x]), '[n, 3]');
  });

  it('the gradient of an exponent', () => {
    const x = line();
    const b = input(x.graph, 'b', 'float32', [1]);
    expectRefusal(() => differentiate(sumAll(pow(x, b)), [b]), 'Pow', 'input 1');
  });
});

describe('of a value inside the graph', () => {
  it('is that of everything after it', () => {
    const problem = posed(createGraph('g'), 3);
    const x = problem.floats(['n', 3]);
    const inside = mul(x, x);
    const loss = sumAll(mul(inside, add(inside, x)));
    const [byInside] = evaluate(differentiate(loss, [inside]), problem.given) as [Doubles];
    const numbers = (problem.given.get(x) as Doubles).data;
    // d/dy of y (y + x)
    expect(
      distance(
        byInside.data,
        numbers.map((v) => 2 * v * v + v),
      ),
    ).toBeLessThan(1e-12);
  });

  it('does not cut the way to the values before it', () => {
    const problem = posed(createGraph('g'), 4);
    const x = problem.floats(['n', 3]);
    const inside = mul(x, x);
    const [, byX] = evaluate(differentiate(sumAll(mul(inside, x)), [inside, x]), problem.given) as [
      Doubles,
      Doubles,
    ];
    const numbers = (problem.given.get(x) as Doubles).data;
    expect(
      distance(
        byX.data,
        numbers.map((v) => 3 * v * v),
      ),
    ).toBeLessThan(1e-12);
  });

  it('continues from a gradient that comes from elsewhere', () => {
    const problem = posed(createGraph('g'), 5);
    const x = problem.floats(['n', 3]);
    const flowing = problem.floats(['n', 3]);
    const [byX] = evaluate(differentiate(mul(x, x), [x], flowing), problem.given) as [Doubles];
    const g = (problem.given.get(flowing) as Doubles).data;
    const numbers = (problem.given.get(x) as Doubles).data;
    expect(
      distance(
        byX.data,
        numbers.map((v, i) => 2 * v * (g[i] as number)),
      ),
    ).toBeLessThan(1e-12);
  });
});
