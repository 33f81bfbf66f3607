import type { DraftConfig, Product, WeightRef } from '../contracts/checkpoint.ts';
import { linear } from '../graph/blocks/linear.ts';
import { embedding } from '../graph/blocks/stored-rows.ts';
import { createGraph, fixedDim, type Graph, input, output, type Value } from '../graph/graph.ts';
import { concat, gather, slice } from '../graph/operators/layout.ts';
import { logSoftmax, topk } from '../graph/operators/reduce.ts';
import { decoderLayer, layerProducts } from '../model/decoder-layer.ts';
import { cachedPass, laneInputs, pastInputs, rowInputs } from '../model/pass-inputs.ts';
import { headLogits, spokenTokens } from './draft-head.ts';
import { draftLayer, draftMatrix } from './draft-layer.ts';

/**
 * How a visual row enters the layer. Decoupled (MSD, paper section 3.2): as the projected embedding itself, past fc
 * and feature. Fused (EAGLE): through fc with the feature, like a word.
 */
export type Fusion = 'decoupled' | 'fused';

/**
 * The draft: one decoder layer (in most families without an input norm) under the target's head.
 * Row p reads the next token x[p+1] and the target's feature f[p].
 * Inputs: ids [n] (next tokens), features [n, H], visual [m, H], order [n] (as in `buildLlama`), heads [h], k [1],
 * and those of `laneInputs` and `pastInputs` for layer 0, with pending rows.
 * Outputs: layer_input [n, H], hidden [n, H], the k most likely tokens [h, k] with log_probs [h, k], and the rows'
 * cache entries keys and values [n, kvHeads · headDim].
 */
export function buildMsdDraft(
  config: DraftConfig,
  tensors: ReadonlyMap<string, WeightRef>,
  head: WeightRef,
  fusion: Fusion,
): Graph {
  const graph = createGraph(`draft-${fusion}`);
  const { ids, visual, order, heads } = rowInputs(graph, config.hiddenSize);
  const features = input(graph, 'features', 'float32', ['n', config.hiddenSize]);
  const k = input(graph, 'k', 'int64', [1]);
  const past = pastInputs(graph, 0, config, true);
  const lanes = laneInputs(graph, config, true);
  const weights = draftWeights(tensors, config);

  const words = embedding(weights.embedding, ids);
  const fuse = (next: Value) => linear(concat([next, features], 1), weights.fc);
  const choose = (text: Value) => gather(concat([text, visual], 0), order);
  const x = fusion === 'decoupled' ? choose(fuse(words)) : fuse(choose(words));

  const layer = decoderLayer(x, weights.layer, cachedPass(lanes, past, config), config);
  const said = gather(layer.x, heads);
  const logProbs = logSoftmax(headLogits(said, head, config));
  const best = topk(known(logProbs, config.vocabSize), k, 'k');
  output('layer_input', x);
  output('hidden', layer.x);
  output('tokens', spokenTokens(best.indices, config));
  output('log_probs', best.values);
  output('keys', layer.attended.keys);
  output('values', layer.attended.values);
  return graph;
}

/** Log-probabilities [w, V] of the tokens that the draft's table holds; those beyond it can't be drafted. */
function known(logProbs: Value, vocabSize: number): Value {
  return vocabSize < fixedDim(logProbs, 1) ? slice(logProbs, 1, 0, vocabSize) : logProbs;
}

/** The products of a draft's own matrices; the head is the target's. */
export function draftProducts(
  config: DraftConfig,
  tensors: ReadonlyMap<string, WeightRef>,
): Product<WeightRef>[] {
  const { fc, layer } = draftWeights(tensors, config);
  return [{ matrices: [fc.weight] }, ...layerProducts(layer, config)];
}

/** The official checkpoint's names (Lyn-Lucy/MSD, cnets.py). */
export const draftWeights = (
  tensors: ReadonlyMap<string, WeightRef>,
  config: Pick<DraftConfig, 'fcBias' | 'inputNorm' | 'qkvBias'>,
) => ({
  embedding: tensors.get('embed_tokens.weight') as WeightRef,
  fc: draftMatrix(tensors, 'fc', config.fcBias),
  layer: draftLayer(tensors, 0, config),
});
