/** The target's training network in segments that run on their own: what enters the decoder, a layer, and the last one. */
import type { DecoderConfig } from '../../contracts/checkpoint.ts';
import { linear } from '../../graph/blocks/linear.ts';
import { rmsNorm } from '../../graph/blocks/norms.ts';
import { embedding } from '../../graph/blocks/stored-rows.ts';
import { createGraph, type Graph, input, type Value } from '../../graph/graph.ts';
import { mul } from '../../graph/operators/elementwise.ts';
import { concat, gather } from '../../graph/operators/layout.ts';
import { batchInputs, batchPass } from '../../model/batch-pass.ts';
import { type DecoderLayerWeights, decoderLayer } from '../../model/decoder-layer.ts';
import type { LlamaWeights } from '../../model/llama.ts';
import { crossEntropy } from '../losses.ts';

/** A segment as a graph: what it computes, and the rows that it reads from another segment, if any. */
export interface Segment {
  readonly graph: Graph;
  readonly value: Value;
  readonly x?: Value;
}

/** What a batch of dialogues asks of the network. */
export interface BatchKind {
  /** Whether they have pictures. */
  readonly visual: boolean;
  /** Whether each stands at positions of its own, as pictures do that turn by rows and columns. */
  readonly apart: boolean;
  /** Whether the gradient of the pictures' embeddings is wanted. */
  readonly towerLearns: boolean;
}

/**
 * The rows that enter the decoder: ids [r], and with pictures visual [m, H] and order [r] (row i reads entry order[i] of
 * the r words followed by the pictures' embeddings) → [r, H]. `x` are the pictures' embeddings, where they get a
 * gradient.
 */
export function enteringRows(
  graph: Graph,
  { hiddenSize }: DecoderConfig,
  { embedding: table }: LlamaWeights,
  kind: BatchKind,
): Omit<Segment, 'graph'> {
  const words = embedding(table, input(graph, 'ids', 'int32', ['r']));
  if (!kind.visual) return { value: words };
  const visual = input(graph, 'visual', 'float32', ['m', hiddenSize]);
  const order = input(graph, 'order', 'int32', ['r']);
  const value = gather(concat([words, visual], 0), order);
  return { value, ...(kind.towerLearns && { x: visual }) };
}

/**
 * The last layer, the head and the loss: heads [w] (rows whose next token belongs to a reply), labels [w] (that
 * token), share [1] (1 / rows judged in the whole batch) → [1]
 */
export function judgedLoss(
  x: Value,
  pass: ReturnType<typeof batchPass>,
  decoder: DecoderConfig,
  weights: LlamaWeights,
): Value {
  const { graph } = x;
  const heads = input(graph, 'heads', 'int32', ['w']);
  const labels = input(graph, 'labels', 'int32', ['w']);
  const share = input(graph, 'share', 'float32', [1]);
  // After the last layer's attention only the judged rows matter.
  const keepRows = (rows: Value) => gather(rows, heads);
  const last = weights.layers.at(-1) as DecoderLayerWeights;
  const judged = decoderLayer(x, last, { ...pass, keepRows }, decoder).x;
  const features = rmsNorm(judged, weights.norm, decoder.rmsNormEps); // [w, H]
  return mul(crossEntropy(linear(features, { weight: weights.head }), labels), share);
}

/** What enters the decoder, on its own. */
export function enteringSegment(
  decoder: DecoderConfig,
  weights: LlamaWeights,
  kind: BatchKind,
): Segment {
  const graph = createGraph('target-entering');
  return { graph, ...enteringRows(graph, decoder, weights, kind) };
}

/** A layer on its own. */
export function layerSegment(
  decoder: DecoderConfig,
  layer: DecoderLayerWeights,
  { apart }: BatchKind,
  prepare: (graph: Graph) => void,
): Segment {
  const { graph, x, pass } = opened('target-layer', decoder, apart, prepare);
  return { graph, x, value: decoderLayer(x, layer, pass, decoder).x };
}

/** The last layer, the head and the loss on their own. */
export function lossSegment(
  decoder: DecoderConfig,
  weights: LlamaWeights,
  { apart }: BatchKind,
  prepare: (graph: Graph) => void,
): Segment {
  const { graph, x, pass } = opened('target-last', decoder, apart, prepare);
  return { graph, x, value: judgedLoss(x, pass, decoder, weights) };
}

function opened(
  name: string,
  { hiddenSize, headDim }: DecoderConfig,
  apart: boolean,
  prepare: (graph: Graph) => void,
) {
  const graph = createGraph(name);
  prepare(graph);
  const x = input(graph, 'x', 'float32', ['r', hiddenSize]);
  return { graph, x, pass: batchPass(batchInputs(graph, headDim, apart), headDim) };
}
