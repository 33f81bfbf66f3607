import type { DecoderConfig } from '../../contracts/checkpoint.ts';
import { type Feeds, floatTensor } from '../../contracts/session.ts';
import { createBatchFeeds } from '../batch-feeds.ts';
import { groupByLength } from '../groups.ts';
import { type TargetExample, targetFeeds, taughtRows } from './target-feeds.ts';

/** Dialogues of like length that are run together, all with pictures or all without. */
export interface TargetGroup {
  readonly kind: 'text' | 'visual';
  /** But for the pictures' embeddings. */
  readonly feeds: Feeds;
  /** What the tower is fed of each picture, in order. */
  readonly pictures: readonly Feeds[];
}

/** A batch as the target's graphs are fed it: dialogues with pictures and without go to a graph each. */
export interface TargetBatch {
  readonly groups: readonly TargetGroup[];
  /** Rows whose next token is judged. */
  readonly judged: number;
  /** Rows without padding. */
  readonly rows: number;
}

/** Turns examples into feeds of `buildTargetLoss`: grouped by kind and length, the mean taken over the whole batch. */
export function createTargetBatch(
  decoder: DecoderConfig,
  maxRows: number,
): (examples: readonly TargetExample[]) => TargetBatch {
  const { inPlace, apart } = createBatchFeeds(decoder);
  const isApart = decoder.mropeSection !== undefined;
  return (examples) => {
    const judged = examples.reduce((sum, example) => sum + taughtRows(example).length, 0);
    const share = floatTensor(Float32Array.of(1 / Math.max(1, judged)), [1]);
    const groups = (['visual', 'text'] as const).flatMap((kind) => {
      const some = examples.filter(
        ({ pictures }) => (pictures.length > 0 ? 'visual' : 'text') === kind,
      );
      const lengths = some.map(({ ids }) => ids.length - 1);
      return groupByLength(lengths, maxRows).map((group): TargetGroup => {
        const members = group.members.map((member) => some[member] as TargetExample);
        const placed =
          kind === 'visual' && isApart
            ? apart(
                members.map(({ positions }) => positions),
                group.length,
              )
            : inPlace(members.length, group.length);
        return {
          kind,
          feeds: { ...targetFeeds(some, group), ...placed, share },
          pictures: members.flatMap(({ pictures }) => pictures),
        };
      });
    });
    return { groups, judged, rows: examples.reduce((sum, { ids }) => sum + ids.length - 1, 0) };
  };
}
