import type { DecoderConfig } from '../../contracts/checkpoint.ts';
import type { Past } from '../../graph/blocks/attention.ts';
import { embedding, linear } from '../../graph/blocks/linear.ts';
import { rmsNorm } from '../../graph/blocks/norms.ts';
import { quarterTurn } from '../../graph/blocks/rotary.ts';
import { createGraph, type Graph, input, output, type Value } from '../../graph/graph.ts';
import { cast } from '../../graph/operators/elementwise.ts';
import { concat, gather } from '../../graph/operators/layout.ts';
import { argmaxLast } from '../../graph/operators/reduce.ts';
import { cutBatch } from '../../model/batch-pass.ts';
import { decoderLayer } from '../../model/decoder-layer.ts';
import type { LlamaWeights } from '../../model/llama.ts';
import { rowInputs } from '../../model/pass-inputs.ts';
import { laneAttention, laneVisibility } from './lane-attention.ts';

/**
 * The target's decoder over b lanes of r rows each, n = b · r rows in all, every lane behind a cache of its own. The
 * engine's decoder reads the caches of several sequences as one, where each row meets the columns of all: its work
 * grows with the square of the sequences, here with their number.
 * Inputs: those of `rowInputs`; grid int64 [2], b and r; bias [b, 1, r, c+r]; cos, sin [b, r, 1, headDim]; for every
 * layer keys_i [b, kvHeads, headDim, c] and values_i [b, kvHeads, c, headDim].
 * Outputs, of the w rows that `heads` names: features [w, H], best [w], logits [w, V]; of all rows
 * keys [layers · b, kvHeads, headDim, r] and values [layers · b, kvHeads, r, headDim].
 */
export function buildLaneGraph(config: DecoderConfig, weights: LlamaWeights): Graph {
  const { hiddenSize, heads: queryHeads, kvHeads, headDim, rmsNormEps } = config;
  const graph = createGraph('lanes');
  const { ids, visual, order, heads } = rowInputs(graph, hiddenSize);
  const grid = input(graph, 'grid', 'int64', [2]);
  const angles = ['b', 'r', 1, headDim] as const;
  const rotary = {
    cos: input(graph, 'cos', 'float32', angles),
    sin: input(graph, 'sin', 'float32', angles),
    turn: quarterTurn(graph, headDim),
  };
  const pasts = weights.layers.map(
    (_, layer): Past => ({
      keys: input(graph, `keys_${layer}`, 'float32', ['b', kvHeads, headDim, 'c']),
      values: input(graph, `values_${layer}`, 'float32', ['b', kvHeads, 'c', headDim]),
    }),
  );
  const bias = input(graph, 'bias', 'float32', ['b', 1, 'r', 'c+r']);
  const visible = laneVisibility(bias, pasts[0] as Past, queryHeads / kvHeads);
  const cut = cutBatch({ grid }, headDim, 'r');
  let x = gather(concat([embedding(weights.embedding, ids), visual], 0), order);
  const keys: Value[] = [];
  const values: Value[] = [];
  for (const [index, layer] of weights.layers.entries()) {
    const past = pasts[index] as Past;
    const attend = (q: Value, k: Value, v: Value) => laneAttention(q, k, v, past, visible);
    const result = decoderLayer(x, layer, { rotary, cut, attend }, config);
    x = result.x;
    keys.push(result.attended.keys);
    values.push(result.attended.values);
  }
  const features = rmsNorm(gather(x, heads), weights.norm, rmsNormEps);
  const logits = linear(features, { weight: weights.head });
  output('features', features);
  output('best', cast(argmaxLast(logits), 'int32'));
  output('logits', logits);
  output('keys', concat(keys, 0));
  output('values', concat(values, 0));
  return graph;
}
