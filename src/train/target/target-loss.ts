import type { TensorRef } from '../../contracts/checkpoint.ts';
import type { LlavaConfig } from '../../families/llava/llava-config.ts';
import { llavaDecoder } from '../../families/llava-parts/llava-tensors.ts';
import { createGraph, type Graph, output, type Value } from '../../graph/graph.ts';
import { batchInputs, batchPass } from '../../model/batch-pass.ts';
import { decoderLayer } from '../../model/decoder-layer.ts';
import { enteringRows, judgedLoss } from './target-parts.ts';

/**
 * A target's training loss over a batch of b dialogues of n rows: mean cross-entropy of the reply tokens (LLaVA's
 * recipe). `withPictures` tells whether the batch has any: without, tower and projector are left out.
 * Inputs: those of `enteringRows`, `judgedLoss` and `batchInputs`. Output: loss [1], a part of the batch's mean.
 *
 * @param prepare what is done to the graph first, such as putting adapters before its weights
 */
export function buildTargetLoss(
  config: LlavaConfig,
  tensors: ReadonlyMap<string, TensorRef>,
  withPictures: boolean,
  prepare: (graph: Graph) => void = () => {},
): { graph: Graph; loss: Value } {
  const graph = createGraph(withPictures ? 'target-loss-visual' : 'target-loss-text');
  prepare(graph);
  const { decoder } = config;
  const weights = llavaDecoder(config, tensors);
  const pass = batchPass(batchInputs(graph, decoder.headDim), decoder.headDim);
  let x = enteringRows(graph, config, tensors, weights.embedding, withPictures);
  for (const layer of weights.layers.slice(0, -1)) x = decoderLayer(x, layer, pass, decoder).x;
  const loss = judgedLoss(x, pass, config, weights);
  output('loss', loss);
  return { graph, loss };
}
