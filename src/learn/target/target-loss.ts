import type { DecoderConfig } from '../../contracts/checkpoint.ts';
import { createGraph, type Graph } from '../../graph/graph.ts';
import { batchInputs, batchPass } from '../../model/batch-pass.ts';
import { decoderLayer } from '../../model/decoder-layer.ts';
import type { LlamaWeights } from '../../model/llama.ts';
import { type BatchKind, enteringRows, judgedLoss, type Segment } from './segments.ts';

/**
 * A target's training loss over a batch of b dialogues of n rows: mean cross-entropy of the reply tokens (LLaVA's
 * recipe). Its `x` are the embeddings of pictures, where
 * they get a gradient.
 * Inputs: those of `enteringRows`, `judgedLoss` and `batchInputs`. Value: the loss [1], a part of the batch's mean.
 *
 * @param prepare what is done to the graph first, such as putting adapters before its weights
 */
export function buildTargetLoss(
  decoder: DecoderConfig,
  weights: LlamaWeights,
  kind: BatchKind,
  prepare: (graph: Graph) => void = () => {},
): Segment {
  const graph = createGraph(kind.visual ? 'target-loss-visual' : 'target-loss-text');
  prepare(graph);
  const pass = batchPass(batchInputs(graph, decoder.headDim, kind.apart), decoder.headDim);
  const { value: rows, ...read } = enteringRows(graph, decoder, weights, kind);
  let x = rows;
  for (const layer of weights.layers.slice(0, -1)) x = decoderLayer(x, layer, pass, decoder).x;
  return { graph, value: judgedLoss(x, pass, decoder, weights), ...read };
}
