/** A block draft's networks as they are trained and as they are judged. */
import type { BlockDraftConfig } from '../../../contracts/block-draft.ts';
import { type Feeds, floatsOf, type Session } from '../../../contracts/session.ts';
import type { Graph } from '../../../graph/graph.ts';
import type { Sizes } from '../../../graph/live-peak.ts';
import { addBackward, feedInMemory } from '../../backward.ts';
import type { LearningGraph } from '../../learner.ts';
import { runBytes } from '../../run-bytes.ts';
import type { BlockBatch, JudgedSlots } from './block-batch.ts';
import { type BlockTensors, buildBlockLoss } from './block-loss.ts';

export interface BlockLearning {
  /** Forward, loss, backward and accumulation. */
  readonly learning: LearningGraph;
  /** Bytes that runs of both networks hold besides weights, for the sizes of a group. */
  readonly runBytes: (sizes: Sizes) => number;
  /** Looks at a batch without learning from it; `shares` are those of `lossShares`. */
  readonly judge: (batch: BlockBatch, shares: Feeds) => Promise<JudgedBlocks>;
  readonly dispose: () => Promise<void>;
}

/** What a batch is worth. */
interface JudgedBlocks {
  /** Parts of the losses' means, by the outputs' names. */
  readonly losses: Readonly<Record<(typeof LOSSES)[number], number>>;
  /** Slots that were judged, and those whose likeliest token is the target's, by their place in the block [slots]. */
  readonly rows: readonly number[];
  readonly agreeing: readonly number[];
}

const LOSSES = ['loss', 'variation', 'token_loss', 'truth_loss', 'confidence_loss'] as const;

export async function createBlockLearning(
  config: BlockDraftConfig,
  weights: BlockTensors,
  openSession: (graph: Graph) => Promise<Session>,
): Promise<BlockLearning> {
  const { graph, slopes } = buildBlockLoss(config, weights);
  const learned = addBackward(graph, slopes);
  const session = await openSession(graph);
  const judged = buildBlockLoss(config, weights).graph;
  const held = feedInMemory(judged);
  const judging = await openSession(judged);
  const bytes = [runBytes(graph), runBytes(judged)];
  return {
    learning: { session, learned, sums: [...LOSSES, 'agreeing'] },
    runBytes: (sizes) => bytes.reduce((sum, of) => sum + of(sizes), 0),
    async judge({ groups, judged }, shares) {
      const losses = Object.fromEntries(LOSSES.map((name) => [name, 0])) as Record<
        (typeof LOSSES)[number],
        number
      >;
      const rows = Array<number>(config.slots).fill(0);
      const agreeing = Array<number>(config.slots).fill(0);
      for (const [index, feeds] of groups.entries()) {
        const outputs = [...LOSSES, 'agrees'];
        const result = await judging.run({ ...feeds, ...shares, ...held }, outputs);
        for (const name of LOSSES) losses[name] += floatsOf(result, name)[0] as number;
        const agrees = floatsOf(result, 'agrees');
        for (const [i, slot] of (judged[index] as JudgedSlots).slot.entries()) {
          rows[slot] = (rows[slot] as number) + 1;
          agreeing[slot] = (agreeing[slot] as number) + (agrees[i] as number);
        }
      }
      return { losses, rows, agreeing };
    },
    dispose: async () => {
      await Promise.all([session.dispose(), judging.dispose()]);
    },
  };
}
