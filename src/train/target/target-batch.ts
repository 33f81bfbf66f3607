import { floatTensor, type Tensor } from '../../contracts/session.ts';
import type { LlavaConfig } from '../../families/llava/llava-config.ts';
import { createBatchFeeds } from '../network/batch-feeds.ts';
import { groupByLength } from '../network/groups.ts';
import { type TargetExample, targetFeeds, taughtRows } from './target-feeds.ts';

/** A batch as the target's graphs are fed it: dialogues with pictures and without go to a graph each. */
export interface TargetBatch {
  readonly groups: readonly {
    readonly kind: 'text' | 'visual';
    readonly feeds: Readonly<Record<string, Tensor>>;
  }[];
  /** Rows whose next token is judged. */
  readonly judged: number;
  /** Rows without padding. */
  readonly rows: number;
}

/** Turns examples into feeds of `buildTargetLoss`: grouped by kind and length, the mean taken over the whole batch. */
export function createTargetBatch(
  { decoder, vision }: LlavaConfig,
  maxRows: number,
): (examples: readonly TargetExample[]) => TargetBatch {
  const batchFeeds = createBatchFeeds(decoder);
  return (examples) => {
    const judged = examples.reduce((sum, example) => sum + taughtRows(example).length, 0);
    const share = floatTensor(Float32Array.of(1 / Math.max(1, judged)), [1]);
    const groups = (['visual', 'text'] as const).flatMap((kind) => {
      const members = examples.filter(
        ({ pixels }) => (pixels.length > 0 ? 'visual' : 'text') === kind,
      );
      const lengths = members.map(({ ids }) => ids.length - 1);
      return groupByLength(lengths, maxRows).map((group) => ({
        kind,
        feeds: {
          ...targetFeeds(members, group, vision.imageSize),
          ...batchFeeds(group.members.length, group.length),
          share,
        },
      }));
    });
    return { groups, judged, rows: examples.reduce((sum, { ids }) => sum + ids.length - 1, 0) };
  };
}
