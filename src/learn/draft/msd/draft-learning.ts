/** The draft's networks as they are trained and as they are judged. */
import type { DraftConfig, WeightRef } from '../../../contracts/checkpoint.ts';
import { floatsOf, type Session } from '../../../contracts/session.ts';
import type { Graph } from '../../../graph/graph.ts';
import type { Sizes } from '../../../graph/live-peak.ts';
import { addBackward, feedInMemory } from '../../backward.ts';
import type { LearningGraph } from '../../learner.ts';
import { runBytes } from '../../run-bytes.ts';
import type { DraftBatch } from './draft-batch.ts';
import { buildDraftLoss, type DraftObjective } from './draft-loss.ts';

/** The tensors of a draft, of which those in memory learn, and the head of its target. */
export interface DraftWeights {
  readonly tensors: ReadonlyMap<string, WeightRef>;
  readonly head: WeightRef;
}

export interface DraftLearning {
  /** Forward, loss, backward and accumulation. */
  readonly learning: LearningGraph;
  /** Bytes that runs of both networks hold besides weights, for the sizes of a group. */
  readonly runBytes: (sizes: Sizes) => number;
  /** Sums of the losses' and agreements' outputs over a batch, without learning from it. */
  readonly judge: (batch: DraftBatch) => Promise<Readonly<Record<string, number>>>;
  readonly dispose: () => Promise<void>;
}

/**
 * Builds both graphs.
 *
 * @param depths at which agreement is judged; training goes to `objective.depths`
 */
export async function createDraftLearning(
  config: DraftConfig,
  { tensors, head }: DraftWeights,
  objective: DraftObjective,
  depths: number,
  openSession: (graph: Graph) => Promise<Session>,
): Promise<DraftLearning> {
  const { graph, loss } = buildDraftLoss(config, tensors, head, objective);
  const learned = addBackward(graph, loss);
  const learning = { session: await openSession(graph), learned, sums: sumsOf(objective.depths) };

  const judged = buildDraftLoss(config, tensors, head, { ...objective, depths });
  const weights = feedInMemory(judged.graph);
  const session = await openSession(judged.graph);
  const outputs = sumsOf(depths);
  const bytes = [runBytes(graph), runBytes(judged.graph)];
  return {
    learning,
    runBytes: (sizes) => bytes.reduce((sum, of) => sum + of(sizes), 0),
    async judge({ groups }) {
      const sums = Object.fromEntries(outputs.map((name) => [name, 0]));
      for (const feeds of groups) {
        const result = await session.run({ ...feeds, ...weights }, outputs);
        for (const name of outputs) {
          sums[name] = (sums[name] as number) + (floatsOf(result, name)[0] as number);
        }
      }
      return sums;
    },
    dispose: async () => {
      await Promise.all([learning.session.dispose(), session.dispose()]);
    },
  };
}

const sumsOf = (depths: number): string[] => [
  'loss',
  'feature_loss',
  'token_loss',
  ...Array.from({ length: depths }, (_, index) => `agreeing_${index + 1}`),
];
