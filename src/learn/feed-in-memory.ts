import { isInMemory } from '../contracts/checkpoint.ts';
import { type Feeds, floatTensor, type Tensor } from '../contracts/session.ts';
import { feedWeights, type Graph } from '../graph/graph.ts';

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
