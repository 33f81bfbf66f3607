import type { DecoderConfig } from '../../contracts/checkpoint.ts';
import type { Feeds, Session, Tensor } from '../../contracts/session.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Sizes } from '../../graph/live-peak.ts';
import type { LlamaWeights } from '../../model/llama.ts';
import type { LearnedWeight } from '../backward.ts';
import { type Adapter, type AdapterSettings, adapt } from './adapters.ts';
import { type OpenSegment, openBackward } from './open-segment.ts';
import { outside, runBackward, type SegmentRun } from './run-segment.ts';
import type { BatchKind } from './segments.ts';
import { buildTargetLoss } from './target-loss.ts';

/** A decoder ready to learn from one kind of batches. */
export interface DecoderLearning {
  readonly learned: readonly LearnedWeight[];
  /**
   * Puts the loss and the gradients into the run's results.
   * @param feeds a group's, and the embeddings of its pictures as `visual` [m, H]
   * @returns the gradient of those embeddings, where the tower learns
   */
  readonly run: (feeds: Feeds, run: SegmentRun) => Promise<Tensor | undefined>;
  /** Bytes that a run holds besides weights. */
  readonly bytes: (sizes: Sizes) => number;
  readonly dispose: () => Promise<void>;
}

export interface DecoderSettings {
  readonly decoder: DecoderConfig;
  readonly weights: LlamaWeights;
  readonly kind: BatchKind;
  readonly adapters: readonly Adapter[];
  readonly adapterSettings: AdapterSettings;
  readonly openSession: (graph: Graph) => Promise<Session>;
}

/** The whole decoder as one graph. Something of it learns, or something below it. */
export async function openWhole({
  decoder,
  weights,
  kind,
  adapters,
  adapterSettings,
  openSession,
}: DecoderSettings): Promise<DecoderLearning> {
  const loss = buildTargetLoss(decoder, weights, kind, (graph) =>
    adapt(graph, adapters, adapterSettings),
  );
  const outputs = ['value', ...(loss.x === undefined ? [] : ['gradient x'])];
  const segment = (await openBackward(loss, openSession)) as OpenSegment;
  return {
    learned: segment.learned.map(outside),
    async run(feeds, run) {
      const result = await runBackward({ segment }, run, feeds, outputs);
      run.results.loss = result.value as Tensor;
      return result['gradient x'];
    },
    bytes: segment.bytes,
    dispose: () => segment.session.dispose(),
  };
}
