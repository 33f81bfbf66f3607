import type { DecoderConfig, WeightRef } from '../contracts/checkpoint.ts';
import type { BlockPast } from '../graph/blocks/block-attention.ts';
import { embedding, type LinearWeights, linear } from '../graph/blocks/linear.ts';
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
  readonly head: WeightRef;
}

/**
 * The target's decoder: n rows of b texts, each behind its own part of the cache. A prompt's chunk, a token and a tree
 * are the same rows, alone or in company.
 * Inputs: ids [n], visual [m, H], order [n] (row i reads entry order[i] of the n embeddings followed by the m
 * visual ones), heads [h], and those of `laneInputs` and `pastInputs`.
 * Outputs: features [n, H] after the final norm, best [h], logits [h, V], and the rows' cache entries
 * keys and values [layers · n, kvHeads, headDim].
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
    const pass = cachedPass(lanes, pasts[index] as BlockPast, config.headDim);
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

/** The published names of a decoder's tensors, under a prefix such as `language_model.model.`. */
export function llamaWeights(
  tensors: ReadonlyMap<string, WeightRef>,
  config: DecoderConfig,
  names: { readonly model: string; readonly head: string },
): LlamaWeights {
  const get = (name: string) => tensors.get(name) as WeightRef;
  const matrix = (name: string, bias = false): LinearWeights => ({
    weight: get(`${name}.weight`),
    ...(bias && { bias: get(`${name}.bias`) }),
  });
  const layer = (index: number): DecoderLayerWeights => {
    const at = `${names.model}layers.${index}.`;
    return {
      inputNorm: get(`${at}input_layernorm.weight`),
      query: matrix(`${at}self_attn.q_proj`, config.qkvBias),
      key: matrix(`${at}self_attn.k_proj`, config.qkvBias),
      value: matrix(`${at}self_attn.v_proj`, config.qkvBias),
      output: matrix(`${at}self_attn.o_proj`, config.outputBias),
      postNorm: get(`${at}post_attention_layernorm.weight`),
      gate: matrix(`${at}mlp.gate_proj`, config.mlpBias),
      up: matrix(`${at}mlp.up_proj`, config.mlpBias),
      down: matrix(`${at}mlp.down_proj`, config.mlpBias),
    };
  };
  return {
    embedding: get(`${names.model}embed_tokens.weight`),
    layers: Array.from({ length: config.layers }, (_, index) => layer(index)),
    norm: get(`${names.model}norm.weight`),
    head: get(names.head),
  };
}
