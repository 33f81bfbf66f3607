import { type Feeds, floatTensor, type Session, type Tensor } from '../../contracts/session.ts';
import { fixedDim, type Graph, type Value } from '../../graph/graph.ts';
import type { LearnedWeight } from '../backward.ts';
import { openBackward, openForward } from './open-segment.ts';
import { outside, runBackward, runForward, type SegmentRun } from './run-segment.ts';
import type { Segment } from './segments.ts';

/** A target's tower and projector ready to learn. They read one picture at a time, as they serve. */
export interface TowerLearning {
  readonly learned: readonly LearnedWeight[];
  /** Embeddings of each picture [tokens, H]. */
  readonly embed: (pictures: readonly Feeds[], run: Pick<SegmentRun, 'given'>) => Promise<Tensor[]>;
  /** Puts gradients into the run's results; `above` [tokens, H] are those of the pictures' embeddings. */
  readonly back: (
    pictures: readonly Feeds[],
    above: readonly Tensor[],
    run: SegmentRun,
  ) => Promise<void>;
  /** Bytes that the runs of a picture hold besides weights. */
  readonly bytes: (picture: Feeds) => number;
  readonly dispose: () => Promise<void>;
}

/** @param vision a fresh graph each time: feeds of a picture → embeddings [tokens, H] */
export async function openTower(
  vision: () => Graph,
  openSession: (graph: Graph) => Promise<Session>,
): Promise<TowerLearning> {
  const segment = towerSegment(vision());
  const width = fixedDim(segment.value, 1);
  const declared = segment.graph.inputs.slice();
  const forward = await openForward(segment, openSession);
  const backward = await openBackward(towerSegment(vision()), openSession);
  return {
    learned: backward?.learned.map(outside) ?? [],
    async embed(pictures, run) {
      const all: Tensor[] = [];
      for (const picture of pictures) {
        const { data } = await runForward({ segment: forward }, run, picture);
        all.push(floatTensor(data as Float32Array, [data.length / width, width]));
      }
      return all;
    },
    async back(pictures, above, run) {
      if (backward === undefined) return;
      for (const [index, picture] of pictures.entries()) {
        const feeds = { ...picture, above: above[index] as Tensor };
        await runBackward({ segment: backward }, run, feeds, []);
      }
    },
    bytes(picture) {
      const sizes = sizesOf(declared, picture);
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

/** The sizes of the names that inputs have, by what they are fed. */
function sizesOf(inputs: readonly Value[], feeds: Feeds): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const { name, shape } of inputs) {
    for (const [axis, dim] of shape.entries()) {
      if (typeof dim === 'string') sizes[dim] = feeds[name]?.shape[axis] as number;
    }
  }
  return sizes;
}
