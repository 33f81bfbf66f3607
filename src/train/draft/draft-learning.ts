/** The draft's networks as they are trained and as they are judged, over weights held in memory. */
import { draftShapes } from '../../checkpoint/drafts/draft.ts';
import type { DraftConfig, TensorRef } from '../../contracts/checkpoint.ts';
import { floatsOf, type Session } from '../../contracts/session.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Sizes } from '../../graph/live-peak.ts';
import { addBackward } from '../network/backward.ts';
import { feedLearner } from '../network/feed-learner.ts';
import { inMemoryRef, isInMemory } from '../network/in-memory.ts';
import type { Learner, LearningGraph } from '../network/learner.ts';
import { runBytes } from '../network/run-bytes.ts';
import type { DraftBatch } from './draft-batch.ts';
import { buildDraftLoss, type DraftObjective } from './draft-loss.ts';
import { EMBEDDING } from './initial-draft.ts';

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
 * Builds both graphs. The embedding table stays in its file.
 *
 * @param depths at which agreement is judged; training goes to `objective.depths`
 */
export async function createDraftLearning(
  config: DraftConfig,
  tables: { readonly embedding: TensorRef; readonly head: TensorRef },
  learner: Pick<Learner, 'weights'>,
  objective: DraftObjective,
  depths: number,
  openSession: (graph: Graph) => Promise<Session>,
): Promise<DraftLearning> {
  const tensors = new Map([[EMBEDDING, tables.embedding]]);
  for (const [name, shape] of draftShapes(config)) {
    if (name !== EMBEDDING) tensors.set(name, inMemoryRef(name, shape, tensors.size));
  }
  const { graph, loss } = buildDraftLoss(config, tensors, tables.head, objective);
  const learned = addBackward(graph, loss, isInMemory);
  const learning = { session: await openSession(graph), learned, sums: sumsOf(objective.depths) };

  const judged = buildDraftLoss(config, tensors, tables.head, { ...objective, depths });
  const weights = feedLearner(judged.graph, learner);
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
