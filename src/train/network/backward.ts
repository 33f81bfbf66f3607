import type { TensorRef } from '../../contracts/checkpoint.ts';
import { differentiate } from '../../graph/autodiff/differentiate.ts';
import { feedWeights, type Graph, input, output, type Value } from '../../graph/graph.ts';
import { add } from '../../graph/operators/elementwise.ts';

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
 * Adds backward to a graph with a loss: the chosen weights become inputs, their gradients outputs, each added to what
 * earlier runs of the same step gave (zeros for the first).
 */
export function addBackward(
  graph: Graph,
  loss: Value,
  learns: (ref: TensorRef) => boolean,
): LearnedWeight[] {
  const fed = [...feedWeights(graph, learns)];
  const gradients = differentiate(
    loss,
    fed.map(([, value]) => value),
  );
  return fed.map(([name, value], index) => {
    const before = input(graph, `before ${name}`, 'float32', value.shape);
    const gradient = `gradient ${name}`;
    output(gradient, add(before, gradients[index] as Value));
    const shape = value.shape.map(Number);
    return { name, shape, input: value.name, before: before.name, gradient };
  });
}
