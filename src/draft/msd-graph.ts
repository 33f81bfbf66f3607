import type { DraftConfig, Product, WeightRef } from '../contracts/checkpoint.ts';
import {
  chosenLinear,
  embedding,
  floats,
  type LinearWeights,
  linear,
} from '../graph/blocks/linear.ts';
import {
  constant,
  createGraph,
  fixedDim,
  type Graph,
  input,
  output,
  type Value,
} from '../graph/graph.ts';
import { cast } from '../graph/operators/elementwise.ts';
import { concat, gather, slice } from '../graph/operators/layout.ts';
import { logSoftmax, topk } from '../graph/operators/reduce.ts';
import { type DecoderLayerWeights, decoderLayer, layerProducts } from '../model/decoder-layer.ts';
import { cachedPass, laneInputs, pastInputs, rowInputs } from '../model/pass-inputs.ts';

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
  const some = config.headTokenIds && headTokens(graph, config.headTokenIds);
  const logits = some ? chosenLinear(said, head, some) : linear(said, { weight: head });
  const logProbs = logSoftmax(logits);
  const best = topk(known(logProbs, config.vocabSize), k, 'k');
  const tokens = cast(best.indices, 'int32');
  output('layer_input', x);
  output('hidden', layer.x);
  output('tokens', some ? gather(some, tokens) : tokens);
  output('log_probs', best.values);
  output('keys', layer.attended.keys);
  output('values', layer.attended.values);
  return graph;
}

/** The target's head [V, H], or the rows of it that the draft speaks through. */
export function readHead(
  graph: Graph,
  head: WeightRef,
  { headTokenIds: ids }: Pick<DraftConfig, 'headTokenIds'>,
): Value {
  const whole = floats(graph, head);
  return ids === undefined ? whole : gather(whole, headTokens(graph, ids));
}

const headTokens = (graph: Graph, ids: readonly number[]): Value =>
  constant(graph, Int32Array.from(ids), [ids.length]);

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
  return [[fc.weight], ...layerProducts(layer)];
}

/** The official checkpoint's names (Lyn-Lucy/MSD, cnets.py). */
export function draftWeights(
  tensors: ReadonlyMap<string, WeightRef>,
  { fcBias, inputNorm, qkvBias }: Pick<DraftConfig, 'fcBias' | 'inputNorm' | 'qkvBias'>,
) {
  const get = (name: string) => tensors.get(name) as WeightRef;
  const linearOf = (name: string, bias = false): LinearWeights => ({
    weight: get(`${name}.weight`),
    ...(bias && { bias: get(`${name}.bias`) }),
  });
  const matrix = (name: string, bias = false) => linearOf(`layers.0.${name}`, bias);
  const fc = linearOf('fc', fcBias);
  const layer: DecoderLayerWeights = {
    ...(inputNorm && { inputNorm: get('layers.0.input_layernorm.weight') }),
    query: matrix('self_attn.q_proj', qkvBias),
    key: matrix('self_attn.k_proj', qkvBias),
    value: matrix('self_attn.v_proj', qkvBias),
    output: matrix('self_attn.o_proj'),
    postNorm: get('layers.0.post_attention_layernorm.weight'),
    gate: matrix('mlp.gate_proj'),
    up: matrix('mlp.up_proj'),
    down: matrix('mlp.down_proj'),
  };
  return { embedding: get('embed_tokens.weight'), fc, layer };
}
