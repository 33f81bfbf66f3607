import type { DecoderConfig, WeightRef } from '../contracts/checkpoint.ts';
import type { BlockPast } from '../graph/blocks/block-attention.ts';
import { embedding, linear } from '../graph/blocks/linear.ts';
import { rmsNorm } from '../graph/blocks/norms.ts';
import { createGraph, type Graph, output, type Value } from '../graph/graph.ts';
import { cast } from '../graph/operators/elementwise.ts';
import { concat, gather } from '../graph/operators/layout.ts';
import { argmaxLast } from '../graph/operators/reduce.ts';
import { type DecoderLayerWeights, decoderLayer } from './decoder-layer.ts';
import { cachedPass, laneInputs, pastInputs, rowInputs } from './pass-inputs.ts';

export interface LlamaWeights {
  readonly embedding: WeightRef;
  readonly layers: readonly DecoderLayerWeights[];
  readonly norm: WeightRef;
  /** The embedding table itself where the two are tied. */
  readonly head: WeightRef;
}

/**
 * The target's decoder: n rows of b texts, each behind its own part of the cache. A prompt's chunk, a token and a tree
 * are the same rows, alone or in company.
 * Inputs: ids [n], visual [m, H], order [n] (row i reads entry order[i] of the n embeddings followed by the m
 * visual ones), heads [h], and those of `laneInputs` and `pastInputs`.
 * Outputs: features [n, H] after the final norm, best [h], logits [h, V], and the rows' cache entries
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
  output('best', cast(argmaxLast(logits), 'int32'));
  output('logits', logits);
  output('keys', concat(keys, 0));
  output('values', concat(values, 0));
  return graph;
}
