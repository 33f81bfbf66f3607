import type { DraftConfig } from '../../../contracts/checkpoint.ts';
import type { AxisPositions } from '../../../contracts/messages.ts';
import { type Feeds, floatTensor } from '../../../contracts/session.ts';
import { type BatchFeeds, createBatchFeeds } from '../../batch-feeds.ts';
import { type Group, groupByLength } from '../../groups.ts';
import { type DraftExample, draftFeeds, judgedRows } from './draft-feeds.ts';
import type { DraftObjective } from './draft-loss.ts';

/** A batch as the draft's graph is fed it. */
export interface DraftBatch {
  readonly groups: readonly Feeds[];
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
  { depths, placing }: Pick<DraftObjective, 'depths' | 'placing'>,
  maxRows: number,
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
      ...placedFeeds(batchFeeds, placing, examples, group),
      ...shares,
    }));
    return { groups, judged, rows: lengths.reduce((sum, length) => sum + length, 0) };
  };
}

function placedFeeds(
  { inPlace, apart }: BatchFeeds,
  placing: DraftObjective['placing'],
  examples: readonly DraftExample[],
  { members, length }: Group,
): Feeds {
  if (placing === 'published') return inPlace(members.length, length);
  const positions = members.map((member) => (examples[member] as DraftExample).positions);
  return apart(
    positions.map((axes) => axes && oneBeforeNext(axes)),
    length,
  );
}

/** By M-RoPE a row stands one before its next token's place, on every axis. */
function oneBeforeNext({ time, height, width }: AxisPositions): AxisPositions {
  const before = (axis: Int32Array) => axis.subarray(1).map((position) => position - 1);
  return { time: before(time), height: before(height), width: before(width) };
}
