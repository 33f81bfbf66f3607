import type { DraftConfig } from '../../contracts/checkpoint.ts';
import { floatTensor, type Tensor } from '../../contracts/session.ts';
import { createBatchFeeds } from '../network/batch-feeds.ts';
import { groupByLength } from '../network/groups.ts';
import { type DraftExample, draftFeeds, judgedRows } from './draft-feeds.ts';

/** A batch as the draft's graph is fed it. */
export interface DraftBatch {
  readonly groups: readonly Readonly<Record<string, Tensor>>[];
  /** Rows judged at depth 1, 2, … */
  readonly judged: readonly number[];
  /** Rows without padding. */
  readonly rows: number;
}

/** Guards the mean of a batch without replies, as the published code does. */
const EPS = 1e-5;

/** Turns examples into feeds of `buildDraftLoss`: grouped by length, with the means taken over the whole batch. */
export function createDraftBatch(
  config: DraftConfig,
  { depths, maxRows }: { depths: number; maxRows: number },
): (examples: readonly DraftExample[]) => DraftBatch {
  const batchFeeds = createBatchFeeds(config);
  const { hiddenSize } = config;
  return (examples) => {
    const lengths = examples.map(({ ids }) => ids.length - 1);
    const judged = Array.from({ length: depths }, (_, index) =>
      examples.reduce((sum, example) => sum + judgedRows(example, index + 1).length, 0),
    );
    const shares = Object.fromEntries(
      judged.map((rows, index) => [
        `share_${index + 1}`,
        floatTensor(Float32Array.of(1 / (rows + EPS)), [1]),
      ]),
    );
    const groups = groupByLength(lengths, maxRows).map((group) => ({
      ...draftFeeds(examples, group, { hiddenSize, depths }),
      ...batchFeeds(group.members.length, group.length),
      ...shares,
    }));
    return { groups, judged, rows: lengths.reduce((sum, length) => sum + length, 0) };
  };
}
