/** The target's networks as they are trained and as they are judged, over weights held in memory. */

import type { TensorRef } from '../../contracts/checkpoint.ts';
import { floatsOf, type Session } from '../../contracts/session.ts';
import type { LlavaConfig } from '../../families/llava/llava-config.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Sizes } from '../../graph/live-peak.ts';
import { addBackward } from '../network/backward.ts';
import { feedLearner } from '../network/feed-learner.ts';
import { inMemoryRef, isInMemory } from '../network/in-memory.ts';
import type { Learner, StepRun } from '../network/learner.ts';
import { runBytes } from '../network/run-bytes.ts';
import {
  type Adapter,
  adapt,
  factorShapes,
  factorSource,
  initialFactor,
  isAdapted,
} from './adapters.ts';
import { partOf } from './parts.ts';
import { type Learning, openRecomputed } from './recompute.ts';
import type { TargetBatch } from './target-batch.ts';
import type { TargetTraining } from './target-config.ts';
import { buildTargetLoss } from './target-loss.ts';

/** Which tensors learn, and which are adapted. */
export interface TargetWeights {
  /** Every tensor as graphs read it: held in memory where it learns, else in its file. */
  readonly tensors: ReadonlyMap<string, TensorRef>;
  readonly adapters: readonly Adapter[];
  /** The numbers of those that learn. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** Takes what learns into memory. */
export async function takeWeights(
  stored: ReadonlyMap<string, TensorRef>,
  { learn, adapters: { rank }, seed }: Pick<TargetTraining, 'learn' | 'adapters' | 'seed'>,
): Promise<TargetWeights> {
  const tensors = new Map<string, TensorRef>();
  const weights = new Map<string, Float32Array>();
  const adapters: Adapter[] = [];
  const held = (name: string, shape: readonly number[], data: Float32Array): TensorRef => {
    weights.set(name, data);
    return inMemoryRef(name, shape, weights.size);
  };
  for (const [name, ref] of stored) {
    const learns = learn[partOf(name)] !== undefined;
    const taken = learns ? held(ref.name, ref.shape, await readFloats(ref)) : ref;
    tensors.set(name, taken);
    if (learn.adapters === undefined || !isAdapted(name)) continue;
    const source = factorSource(seed, adapters.length);
    const [a, b] = factorShapes({ ...taken, name }, rank).map((factor) =>
      held(factor.name, factor.shape, initialFactor(factor, source)),
    ) as [TensorRef, TensorRef];
    adapters.push({ matrix: taken, a, b });
  }
  return { tensors, adapters, weights };
}

export interface TargetLearning {
  /** The runs of a step. */
  readonly runsOf: (batch: TargetBatch) => StepRun[];
  /** Bytes that runs of learning and judging hold besides weights, for the sizes of a group. */
  readonly runBytes: (kind: 'text' | 'visual', sizes: Sizes) => number;
  /** Whether dialogues without pictures teach anything. */
  readonly learnsFromText: boolean;
  /** Mean loss of a batch, without learning from it. */
  readonly judge: (batch: TargetBatch) => Promise<number>;
  readonly dispose: () => Promise<void>;
}

export async function createTargetLearning(
  config: LlavaConfig,
  { tensors, adapters }: TargetWeights,
  learner: Pick<Learner, 'weights'>,
  { adapters: settings, recompute }: Pick<TargetTraining, 'adapters' | 'recompute'>,
  openSession: (graph: Graph) => Promise<Session>,
): Promise<TargetLearning> {
  const build = (withPictures: boolean) =>
    buildTargetLoss(config, tensors, withPictures, (graph) => adapt(graph, adapters, settings));

  async function learning(withPictures: boolean): Promise<Learning | undefined> {
    const { graph, loss } = build(withPictures);
    if (![...graph.bound.values()].some(({ ref }) => isInMemory(ref))) return undefined;
    if (recompute) {
      const given = { config, tensors, adapters, adapterSettings: settings };
      return openRecomputed({ ...given, withPictures, openSession });
    }
    const learned = addBackward(graph, loss, isInMemory);
    return { session: await openSession(graph), learned, sums: ['loss'], bytes: runBytes(graph) };
  }
  async function judging(withPictures: boolean) {
    const { graph } = build(withPictures);
    const weights = feedLearner(graph, learner);
    return { session: await openSession(graph), weights, bytes: runBytes(graph) };
  }
  const learn = { visual: await learning(true), text: await learning(false) };
  const judge = { visual: await judging(true), text: await judging(false) };
  return {
    learnsFromText: learn.text !== undefined,
    runBytes: (kind, sizes) => (learn[kind]?.bytes(sizes) ?? 0) + judge[kind].bytes(sizes),
    runsOf: ({ groups }) =>
      groups.flatMap(({ kind, feeds }) => {
        const graph = learn[kind];
        return graph === undefined ? [] : [{ graph, feeds }];
      }),
    async judge({ groups }) {
      let loss = 0;
      for (const { kind, feeds } of groups) {
        const { session, weights } = judge[kind];
        const result = await session.run({ ...feeds, ...weights }, ['loss']);
        loss += floatsOf(result, 'loss')[0] as number;
      }
      return loss;
    },
    dispose: async () => {
      const graphs = [...Object.values(learn), ...Object.values(judge)];
      await Promise.all(graphs.map((graph) => graph?.session.dispose()));
    },
  };
}
