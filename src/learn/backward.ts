import { isInMemory } from '../contracts/checkpoint.ts';
import { type Feeds, floatTensor, type Tensor } from '../contracts/session.ts';
import { differentiate, pullBack } from '../graph/autodiff/differentiate.ts';
import { feedWeights, type Graph, input, output, type Value } from '../graph/graph.ts';
import { add } from '../graph/operators/elementwise.ts';

/** What a graph with gradients reads and gives for each weight that learns. */
export interface LearnedWeight {
  readonly name: string;
  readonly shape: readonly number[];
  /** Names of the weight's input, of the input that holds the gradient so far, and of the output with this run's added. */
  readonly input: string;
  readonly before: string;
  readonly gradient: string;
}

/**
 * Adds backward to a graph with a loss: its weights in memory become inputs, their gradients outputs, each added to what
 * earlier runs of the same step gave (zeros for the first).
 *
 * @param loss the loss, or the values at which its gradients are known, with these
 */
export function addBackward(
  graph: Graph,
  loss: Value | ReadonlyMap<Value, Value>,
): LearnedWeight[] {
  const weights = feedWeights(graph, isInMemory);
  const wrt = [...weights.values()];
  const gradients = loss instanceof Map ? pullBack(loss, wrt) : differentiate(loss as Value, wrt);
  return accumulate(graph, weights, gradients);
}

/**
 * Adds the gradients of weights that are inputs already, and of other values that the graph `reads`.
 *
 * @param above the gradient of `value`, if it isn't a loss
 */
export function addGradients(
  value: Value,
  weights: ReadonlyMap<string, Value>,
  reads: readonly Value[] = [],
  above?: Value,
): { learned: LearnedWeight[]; flowing: Value[] } {
  const gradients = differentiate(value, [...reads, ...weights.values()], above);
  const learned = accumulate(value.graph, weights, gradients.slice(reads.length));
  return { learned, flowing: gradients.slice(0, reads.length) };
}

function accumulate(
  graph: Graph,
  weights: ReadonlyMap<string, Value>,
  gradients: readonly Value[],
): LearnedWeight[] {
  return [...weights].map(([name, weight], index) => {
    const names = { before: `before ${name}`, gradient: `gradient ${name}` };
    const before = input(graph, names.before, 'float32', weight.shape);
    output(names.gradient, add(before, gradients[index] as Value));
    return { name, shape: weight.shape.map(Number), input: weight.name, ...names };
  });
}

/** Makes a graph's weights in memory inputs; their feeds, which follow what is learned. */
export function feedInMemory(graph: Graph): Feeds {
  const refs = [...graph.bound.values()].map(({ ref }) => ref);
  const data = new Map(refs.filter(isInMemory).map((ref) => [ref.name, ref.data]));
  const feeds: Record<string, Tensor> = {};
  for (const [name, value] of feedWeights(graph, isInMemory)) {
    feeds[value.name] = floatTensor(data.get(name) as Float32Array, value.shape.map(Number));
  }
  return feeds;
}
