/** The target's training network in parts that run on their own: what enters the decoder, a layer, and the last one. */
import type { TensorRef } from '../../contracts/checkpoint.ts';
import type { LlavaConfig } from '../../families/llava/llava-config.ts';
import { visualEmbeddings } from '../../families/llava-parts/visual-embeddings.ts';
import { embedding, linear } from '../../graph/blocks/linear.ts';
import { rmsNorm } from '../../graph/blocks/norms.ts';
import { createGraph, type Graph, input, type Value } from '../../graph/graph.ts';
import { mul } from '../../graph/operators/elementwise.ts';
import { concat, gather } from '../../graph/operators/layout.ts';
import { batchInputs, batchPass } from '../../model/batch-pass.ts';
import { type DecoderLayerWeights, decoderLayer } from '../../model/decoder-layer.ts';
import type { LlamaWeights } from '../../model/llama.ts';
import { crossEntropy } from '../network/losses.ts';

/** A part as a graph: what it computes, and the rows [r, H] that it reads from the part before, if any. */
export interface TargetPart {
  readonly graph: Graph;
  readonly value: Value;
  readonly x?: Value;
}

/**
 * The rows that enter the decoder: ids [r], and with pictures pixels [p, 3, S, S] and order [r] (row i reads entry
 * order[i] of the r words followed by the pictures' embeddings) → [r, H]
 */
export function enteringRows(
  graph: Graph,
  config: LlavaConfig,
  tensors: ReadonlyMap<string, TensorRef>,
  table: TensorRef,
  withPictures: boolean,
): Value {
  const { imageSize } = config.vision;
  const words = embedding(table, input(graph, 'ids', 'int32', ['r']));
  if (!withPictures) return words;
  const pixels = input(graph, 'pixels', 'float32', ['p', 3, imageSize, imageSize]);
  const order = input(graph, 'order', 'int32', ['r']);
  return gather(concat([words, visualEmbeddings(pixels, config, tensors)], 0), order);
}

/**
 * The last layer, the head and the loss: heads [w] (rows whose next token belongs to a reply), labels [w] (that
 * token), share [1] (1 / rows judged in the whole batch) → [1]
 */
export function judgedLoss(
  x: Value,
  pass: ReturnType<typeof batchPass>,
  { decoder }: LlavaConfig,
  weights: LlamaWeights,
): Value {
  const { graph } = x;
  const heads = input(graph, 'heads', 'int32', ['w']);
  const labels = input(graph, 'labels', 'int32', ['w']);
  const share = input(graph, 'share', 'float32', [1]);
  // After the last layer's attention only the judged rows matter.
  const goOn = (rows: Value) => gather(rows, heads);
  const last = weights.layers.at(-1) as DecoderLayerWeights;
  const judged = decoderLayer(x, last, { ...pass, goOn }, decoder).x;
  const features = rmsNorm(judged, weights.norm, decoder.rmsNormEps); // [w, H]
  return mul(crossEntropy(linear(features, { weight: weights.head }), labels), share);
}

/** A layer on its own. */
export function layerPart(
  { decoder }: LlavaConfig,
  layer: DecoderLayerWeights,
  prepare: (graph: Graph) => void,
): TargetPart {
  const { graph, x, pass } = part('target-layer', decoder, prepare);
  return { graph, x, value: decoderLayer(x, layer, pass, decoder).x };
}

/** The last layer, the head and the loss on their own. */
export function lossPart(
  config: LlavaConfig,
  weights: LlamaWeights,
  prepare: (graph: Graph) => void,
): TargetPart {
  const { graph, x, pass } = part('target-last', config.decoder, prepare);
  return { graph, x, value: judgedLoss(x, pass, config, weights) };
}

function part(
  name: string,
  { hiddenSize, headDim }: LlavaConfig['decoder'],
  prepare: (graph: Graph) => void,
) {
  const graph = createGraph(name);
  prepare(graph);
  const x = input(graph, 'x', 'float32', ['r', hiddenSize]);
  return { graph, x, pass: batchPass(batchInputs(graph, headDim), headDim) };
}
