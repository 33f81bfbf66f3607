/** A segment of the target's training network, made ready to run forward or backward. */
import { isInMemory } from '../../contracts/checkpoint.ts';
import type { Session } from '../../contracts/session.ts';
import {
  type Bound,
  feedWeights,
  type Graph,
  input,
  output,
  type Value,
} from '../../graph/graph.ts';
import type { Sizes } from '../../graph/live-peak.ts';
import { addGradients, type LearnedWeight } from '../backward.ts';
import { runBytes } from '../run-bytes.ts';
import type { Segment } from './segments.ts';

export interface OpenSegment {
  readonly session: Session;
  /** Input of each weight that it is fed, by the weight's name. */
  readonly fed: ReadonlyMap<string, Value>;
  /** Those whose gradients it gives. */
  readonly learned: readonly LearnedWeight[];
  /** Bytes that a run holds besides weights. */
  readonly bytes: (sizes: Sizes) => number;
}

type OpenSession = (graph: Graph) => Promise<Session>;

/** A segment that gives its `value`. */
export async function openForward(
  { graph, value }: Segment,
  openSession: OpenSession,
  isFed: (ref: Bound['ref']) => boolean = isInMemory,
): Promise<OpenSegment> {
  const fed = feedWeights(graph, isFed);
  output('value', value);
  return { session: await openSession(graph), fed, learned: [], bytes: runBytes(graph) };
}

/**
 * A segment with the gradients of its weights that learn and, as `gradient x`, of what it reads; it is fed the gradient
 * of its value as `above`, unless that is the loss. Undefined where nothing has a gradient.
 */
export async function openBackward(
  { graph, value, x }: Segment,
  openSession: OpenSession,
  isFed: (ref: Bound['ref']) => boolean = isInMemory,
): Promise<OpenSegment | undefined> {
  const refs = [...graph.bound.values()].map(({ ref }) => ref);
  const learns = new Set(refs.filter(isInMemory).map(({ name }) => name));
  if (learns.size === 0 && x === undefined) return undefined;
  const fed = feedWeights(graph, isFed);
  const learning = new Map([...fed].filter(([name]) => learns.has(name)));
  const isLoss = value.shape.length === 1;
  const above = isLoss ? undefined : input(graph, 'above', 'float32', value.shape);
  const { learned, flowing } = addGradients(value, learning, x && [x], above);
  if (x !== undefined) output('gradient x', flowing[0] as Value);
  if (isLoss) output('value', value);
  const session = await openSession(graph);
  return { session, fed, learned, bytes: runBytes(graph) };
}
