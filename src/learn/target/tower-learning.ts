import { type Feeds, floatTensor, type Session, type Tensor } from '../../contracts/session.ts';
import { fixedDim, type Graph, type Value } from '../../graph/graph.ts';
import type { LearnedWeight } from '../backward.ts';
import { openBackward, openForward } from './open-segment.ts';
import { joinRows } from './row-tensors.ts';
import { outside, runBackward, runForward, type SegmentRun } from './run-segment.ts';
import type { Segment } from './segments.ts';
import type { TargetNetworks, Tensors } from './target-networks.ts';

type Tower = NonNullable<TargetNetworks['tower']>;

/** A target's tower and projector ready to learn. */
export interface TowerLearning {
  readonly learned: readonly LearnedWeight[];
  /** What the tower is fed of some pictures: together where it takes many, else one by one. */
  readonly feedsOf: (pictures: readonly Feeds[]) => readonly Feeds[];
  /** Embeddings [tokens, H] for each feeds. */
  readonly embed: (all: readonly Feeds[], run: Pick<SegmentRun, 'given'>) => Promise<Tensor[]>;
  /** Puts gradients into the run's results; `above` [tokens, H] are those of the embeddings. */
  readonly back: (
    all: readonly Feeds[],
    above: readonly Tensor[],
    run: SegmentRun,
  ) => Promise<void>;
  /** Bytes that a run holds besides weights, for as many pictures, all like this one. */
  readonly bytes: (picture: Feeds, count: number) => number;
  readonly dispose: () => Promise<void>;
}

export async function openTower(
  { graph, takesMany }: Tower,
  tensors: Tensors,
  openSession: (graph: Graph) => Promise<Session>,
): Promise<TowerLearning> {
  const segment = towerSegment(graph(tensors));
  const width = fixedDim(segment.value, 1);
  const declared = segment.graph.inputs.slice();
  const forward = await openForward(segment, openSession);
  const backward = await openBackward(towerSegment(graph(tensors)), openSession);
  return {
    learned: backward?.learned.map(outside) ?? [],
    feedsOf: (pictures) =>
      takesMany && pictures.length > 0
        ? [{ pixels: joinRows(pictures.map(({ pixels }) => pixels as Tensor)) }]
        : pictures,
    async embed(all, run) {
      const embeddings: Tensor[] = [];
      for (const feeds of all) {
        const { data } = await runForward({ segment: forward }, run, feeds);
        embeddings.push(floatTensor(data as Float32Array, [data.length / width, width]));
      }
      return embeddings;
    },
    async back(all, above, run) {
      if (backward === undefined) return;
      for (const [index, feeds] of all.entries()) {
        const own = { ...feeds, above: above[index] as Tensor };
        await runBackward({ segment: backward }, run, own, []);
      }
    },
    bytes(picture, count) {
      const sizes = sizesOf(declared, picture, takesMany ? count : 1);
      return forward.bytes(sizes) + (backward?.bytes(sizes) ?? 0);
    },
    async dispose() {
      await Promise.all([forward.session.dispose(), backward?.session.dispose()]);
    },
  };
}

function towerSegment(graph: Graph): Segment {
  const [embeddings] = graph.outputs.splice(0);
  return { graph, value: embeddings?.value as Value };
}

/** The sizes of the names that inputs have, by what they are fed `count` times along their first axes. */
function sizesOf(inputs: readonly Value[], feeds: Feeds, count: number): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const { name, shape } of inputs) {
    for (const [axis, dim] of shape.entries()) {
      const size = feeds[name]?.shape[axis] as number;
      if (typeof dim === 'string') sizes[dim] = axis === 0 ? count * size : size;
    }
  }
  return sizes;
}
