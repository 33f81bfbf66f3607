import type { DecoderConfig, WeightRef } from '../contracts/checkpoint.ts';
import type { BlockPast } from '../graph/blocks/block-attention.ts';
import { linear } from '../graph/blocks/linear.ts';
import { rmsNorm } from '../graph/blocks/norms.ts';
import { embedding } from '../graph/blocks/stored-rows.ts';
import { constant, createGraph, type Graph, output, type Value } from '../graph/graph.ts';
import { cast } from '../graph/operators/elementwise.ts';
import { concat, gather } from '../graph/operators/layout.ts';
import { topk } from '../graph/operators/reduce.ts';
import { type DecoderLayerWeights, decoderLayer } from './decoder-layer.ts';
import { cachedPass, laneInputs, pastInputs, rowInputs } from './pass-inputs.ts';

export interface LlamaWeights {
  readonly embedding: WeightRef;
  readonly layers: readonly DecoderLayerWeights[];
  readonly norm: WeightRef;
  /** The embedding table itself where the two are tied. */
  readonly head: WeightRef;
}

/** Tokens that a pass tells of each row, likeliest first: the first is what greedy decoding writes, all are what drafters may guess by. */
const LIKELY = 8;

/** K, how many those are. */
export const likelyTokens = ({ vocabSize }: Pick<DecoderConfig, 'vocabSize'>): number =>
  Math.min(LIKELY, vocabSize);

/**
 * The target's decoder: n rows of b texts, each behind its own part of the cache. A prompt's chunk, a token and a tree
 * are the same rows, alone or in company.
 * Inputs: ids [n], visual [m, H], order [n] (row i reads entry order[i] of the n embeddings followed by the m
 * visual ones), heads [h], and those of `laneInputs` and `pastInputs`.
 * Outputs: features [n, H] after the final norm, the likeliest tokens likely_ids and likely_logits [h, K], best first
 * and the lowest of equals, logits [h, V], and the rows' cache entries
 * keys and values [layers · n, kvHeads · headDim].
 */
export function buildLlama(config: DecoderConfig, weights: LlamaWeights): Graph {
  const graph = createGraph('llama');
  const { ids, visual, order, heads } = rowInputs(graph, config.hiddenSize);
  const pasts = weights.layers.map((_, layer) => pastInputs(graph, layer, config));
  const lanes = laneInputs(graph, config);
  let x = gather(concat([embedding(weights.embedding, ids), visual], 0), order);
  const keys: Value[] = [];
  const values: Value[] = [];
  for (const [index, layer] of weights.layers.entries()) {
    const pass = cachedPass(lanes, pasts[index] as BlockPast, config);
    const result = decoderLayer(x, layer, pass, config);
    x = result.x;
    keys.push(result.attended.keys);
    values.push(result.attended.values);
  }
  const features = rmsNorm(x, weights.norm, config.rmsNormEps);
  const logits = linear(gather(features, heads), { weight: weights.head });
  output('features', features);
  const count = BigInt64Array.of(BigInt(likelyTokens(config)));
  const likely = topk(logits, constant(graph, count, [1]), 'likely');
  output('likely_ids', cast(likely.indices, 'int32'));
  output('likely_logits', likely.values);
  output('logits', logits);
  output('keys', concat(keys, 0));
  output('values', concat(values, 0));
  return graph;
}
