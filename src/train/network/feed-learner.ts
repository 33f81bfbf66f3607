import { floatTensor, type Tensor } from '../../contracts/session.ts';
import { feedWeights, type Graph } from '../../graph/graph.ts';
import { isInMemory } from './in-memory.ts';
import type { Learner } from './learner.ts';

/** Makes a learner's weights inputs of a graph that only judges; their feeds, which follow what is learned. */
export function feedLearner(
  graph: Graph,
  { weights }: Pick<Learner, 'weights'>,
): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const [name, value] of feedWeights(graph, isInMemory)) {
    feeds[value.name] = floatTensor(weights.get(name) as Float32Array, value.shape.map(Number));
  }
  return feeds;
}
