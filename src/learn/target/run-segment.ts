/** Runs of open segments, which hand each other rows and gradients, and add to the gradients of a step. */
import type { Feeds, Tensor } from '../../contracts/session.ts';
import type { LearnedWeight } from '../backward.ts';
import type { OpenSegment } from './open-segment.ts';

/** What a weight and its gradients are called outside of segments, which may know it by another name. */
export function outside({ name, shape }: Pick<LearnedWeight, 'name' | 'shape'>): LearnedWeight {
  return {
    name,
    shape,
    input: inputOf(name),
    before: `before ${name}`,
    gradient: `gradient ${name}`,
  };
}

export const inputOf = (name: string): string => `weight ${name}`;

/** What runs of segments share. */
export interface SegmentRun {
  /** Weights and the gradients before this run, as `outside` calls them. */
  readonly given: Feeds;
  /** Gradients so far, by the names of their outputs outside; runs add to them. */
  readonly results: Record<string, Tensor>;
}

/** A segment as it stands for a place in the network: weights of another place by the names that they have there. */
export interface PlacedSegment {
  readonly segment: OpenSegment;
  readonly nameOf?: (name: string) => string;
  /** Weights that are not given, by their names. */
  readonly frozen?: ReadonlyMap<string, Tensor>;
}

export async function runForward(
  { segment, ...place }: PlacedSegment,
  { given }: Pick<SegmentRun, 'given'>,
  feeds: Feeds,
): Promise<Tensor> {
  const all = { ...feeds, ...weightFeeds({ segment, ...place }, given) };
  const result = await segment.session.run(all, ['value']);
  return result.value as Tensor;
}

/** Runs a segment backward, puts its gradients into `results` and gives the outputs that are named. */
export async function runBackward(
  { segment, ...place }: PlacedSegment,
  { given, results }: SegmentRun,
  feeds: Feeds,
  outputs: readonly string[],
): Promise<Record<string, Tensor>> {
  const { nameOf = same } = place;
  const own = segment.learned.map((weight) => outside({ ...weight, name: nameOf(weight.name) }));
  const before: Record<string, Tensor> = {};
  for (const [index, weight] of segment.learned.entries()) {
    const { gradient, before: first } = own[index] as LearnedWeight;
    // A weight that two segments read, such as a tied head, adds to what the first gave.
    before[weight.before] = (results[gradient] ?? given[first]) as Tensor;
  }
  const result = await segment.session.run(
    { ...feeds, ...weightFeeds({ segment, ...place }, given), ...before },
    [...outputs, ...segment.learned.map(({ gradient }) => gradient)],
  );
  for (const [index, { gradient }] of segment.learned.entries()) {
    results[(own[index] as LearnedWeight).gradient] = result[gradient] as Tensor;
  }
  return result;
}

function weightFeeds({ segment, nameOf = same, frozen }: PlacedSegment, given: Feeds): Feeds {
  const feeds: Record<string, Tensor> = {};
  for (const [name, { name: key, shape }] of segment.fed) {
    const own = nameOf(name);
    const tensor = (given[inputOf(own)] ?? frozen?.get(own)) as Tensor;
    // A convolution's weight is read as a matrix.
    feeds[key] =
      shape.length === tensor.shape.length ? tensor : { ...tensor, shape: shape.map(Number) };
  }
  return feeds;
}

const same = (name: string): string => name;
