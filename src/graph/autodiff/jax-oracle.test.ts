import { grad, type numpy as np } from '@jax-js/jax';
import { afterAll, describe, expect, it } from 'vitest';
import type { TensorRef } from '../../contracts/checkpoint.ts';
import { floatTensor } from '../../contracts/session.ts';
import { createBatchFeeds } from '../../learn/batch-feeds.ts';
import { batchInputs, batchPass } from '../../model/batch-pass.ts';
import { type DecoderLayerWeights, decoderLayer } from '../../model/decoder-layer.ts';
import { SIZES } from '../../model/testing/random-llama.ts';
import { createGraph, input, type Value } from '../graph.ts';
import { distance, worstCase } from '../testing/gradient-errors.ts';
import { jaxFloats, numbersOf } from '../testing/jax/arrays.ts';
import { type JaxLayerWeights, jaxDecoderLayer } from '../testing/jax/decoder-layer.ts';
import { OPERATOR_TWINS } from '../testing/jax/operator-twins.ts';
import { posed } from '../testing/posed.ts';
import { fedRefs, randomNetwork, stream } from '../testing/random-network.ts';
import type { Doubles } from '../testing/reference/doubles.ts';
import { evaluate } from '../testing/reference/evaluate.ts';
import { weightedSum } from '../testing/weighted-sum.ts';
import { differentiate } from './differentiate.ts';
import { RULES } from './rules.ts';

/** jax-js computes in single precision here, and its exp and erf are polynomials. */
const BOUND = 1e-4;

it('every rule has a twin in jax-js', () => {
  expect(Object.keys(OPERATOR_TWINS).sort()).toEqual([...RULES.keys()].sort());
});

describe('jax-js has the same gradient of', () => {
  const worst = worstCase();
  afterAll(() => console.info(`largest ‖g - jax‖ / ‖jax‖ of operators: ${worst}`));

  it.each(Object.entries(OPERATOR_TWINS))('%s', (op, { shapes, range, ours, theirs }) => {
    for (let seed = 0; seed < 3; seed++) {
      const problem = posed(createGraph('g'), seed);
      const inputs = shapes.map((shape) => problem.floats(shape, range));
      const loss = weightedSum([ours(inputs as [Value, Value, Value], problem)], problem);
      const { given } = problem;
      const weights = given.get(problem.graph.inputs.at(-1) as Value) as Doubles;
      const lossOf = (x: np.Array[]) =>
        theirs(x as [np.Array, np.Array, np.Array])
          .mul(jaxFloats(weights))
          .sum();
      const expected = grad(lossOf)(inputs.map((x) => jaxFloats(given.get(x) as Doubles)));
      for (const [i, gradient] of evaluate(differentiate(loss, inputs), given).entries()) {
        const error = distance(gradient.data, numbersOf(expected[i] as np.Array));
        expect(worst.note(error, `${op}, seed ${seed}`)).toBeLessThanOrEqual(BOUND);
      }
    }
  });
});

describe('jax-js has the same gradients of a decoder layer', () => {
  const [batch, rows] = [2, 5];
  const { hiddenSize: H, intermediateSize: M, headDim, heads } = SIZES;

  it.each([
    ['with an input norm and shared keys', true, 2],
    ['without, each head with its own keys', false, heads],
  ])('%s', (_, normed, kvHeads) => {
    const graph = createGraph('layer');
    const x = input(graph, 'x', 'float32', ['r', H]);
    const refs = fedRefs([
      ...(normed ? [['inputNorm', [H]] as const] : []),
      ['query', [heads * headDim, H]],
      ['key', [kvHeads * headDim, H]],
      ['value', [kvHeads * headDim, H]],
      ['output', [H, heads * headDim]],
      ['postNorm', [H]],
      ['gate', [M, H]],
      ['up', [M, H]],
      ['down', [H, M]],
    ]);
    const shape = { ...SIZES, kvHeads };
    const pass = batchPass(batchInputs(graph, headDim), headDim);
    const y = decoderLayer(x, layerWeights(refs), pass, shape).x;

    const random = stream(kvHeads);
    const hidden = Float32Array.from({ length: batch * rows * H }, () => 2 * random() - 1);
    const feeds = {
      x: floatTensor(hidden, [batch * rows, H]),
      ...createBatchFeeds(SIZES).inPlace(batch, rows),
    };
    const { given, weights } = randomNetwork(graph, feeds, random);
    const loss = weightedSum([y], { given, random });
    const wrt = new Map([['x', x], ...weights]);
    const gradients = evaluate(differentiate(loss, [...wrt.values()]), given);

    const numbers = (name: string) =>
      jaxFloats(given.get(graph.inputs.find((value) => value.name === name) as Value) as Doubles);
    const lossOf = ({ x, ...layer }: JaxLayerWeights & { x: np.Array }) => {
      const angles = { cos: numbers('cos'), sin: numbers('sin') };
      const out = jaxDecoderLayer(x, layer, angles, { ...shape, batch, rows });
      return out.mul(numbers('weights0')).sum();
    };
    const start = [...wrt].map(([name, value]) => [name, jaxFloats(given.get(value) as Doubles)]);
    const expected = grad(lossOf)(Object.fromEntries(start)) as Record<string, np.Array>;
    const worst = worstCase();
    for (const [i, name] of [...wrt.keys()].entries()) {
      const theirs = numbersOf(expected[name] as np.Array);
      worst.note(distance((gradients[i] as Doubles).data, theirs), name);
    }
    console.info(`largest ‖g - jax‖ / ‖jax‖ of a decoder layer: ${worst}`);
    expect(worst.error()).toBeLessThanOrEqual(BOUND);
  });
});

function layerWeights(refs: ReadonlyMap<string, TensorRef>): DecoderLayerWeights {
  const norm = refs.get('inputNorm');
  const matrix = (name: string) => ({ weight: refs.get(name) as TensorRef });
  return {
    ...(norm && { inputNorm: norm }),
    query: matrix('query'),
    key: matrix('key'),
    value: matrix('value'),
    output: matrix('output'),
    postNorm: refs.get('postNorm') as TensorRef,
    gate: matrix('gate'),
    up: matrix('up'),
    down: matrix('down'),
  };
}
