import type { TensorRef } from '../../contracts/checkpoint.ts';
import type { Tensor } from '../../contracts/session.ts';
import { uniform } from '../../decode/uniform.ts';
import { feedWeights, type Graph, type Value } from '../graph.ts';
import { count, type Doubles, doubles } from './reference/doubles.ts';
import { refOf } from './stored.ts';

/** Random numbers in [0, 1), one after the other. */
export function stream(seed: number): () => number {
  let drawn = 0;
  return () => uniform(seed, drawn++);
}

/** Refs to tensors of no file, each at a place of its own: enough for a network whose weights are fed. */
export function fedRefs(
  shapes: Iterable<readonly [name: string, shape: readonly number[]]>,
  firstPlace = 0,
): Map<string, TensorRef> {
  return new Map(
    [...shapes].map(([name, shape], i) => [
      name,
      { ...refOf(name, shape), offset: firstPlace + i },
    ]),
  );
}

export interface RandomNetwork {
  /** By the names of their tensors. */
  readonly weights: ReadonlyMap<string, Value>;
  /** Numbers of all inputs, weights included. */
  readonly given: Map<Value, Doubles>;
}

/**
 * All weights of a graph fed with random numbers: matrices keep the size of what they read, gains lie around 1.
 * The other inputs take the given feeds.
 */
export function randomNetwork(
  graph: Graph,
  feeds: Readonly<Record<string, Tensor>>,
  random: () => number,
): RandomNetwork {
  const given = new Map<Value, Doubles>();
  for (const value of graph.inputs) {
    const { data, shape } = feeds[value.name] as Tensor;
    given.set(value, doubles(Array.from(data, Number), shape));
  }
  const weights = feedWeights(graph, () => true);
  for (const [name, value] of weights) {
    const shape = value.shape.map(Number);
    const spread = shape.length === 1 ? 0.4 : 1.5 / Math.sqrt(count(shape.slice(1)));
    const centre = /norm.*weight$/.test(name) ? 1 : 0;
    const data = Array.from({ length: count(shape) }, () =>
      Math.fround(centre + spread * (2 * random() - 1)),
    );
    given.set(value, doubles(data, shape));
  }
  return { weights, given };
}
