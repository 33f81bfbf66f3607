import type { LlavaConfig, WeightRef } from '../contracts/checkpoint.ts';
import { type LinearWeights, linear } from '../graph/blocks/linear.ts';
import type { Dim } from '../graph/dim.ts';
import {
  createGraph,
  dimOf,
  fixedDim,
  type Graph,
  input,
  output,
  type Value,
} from '../graph/graph.ts';
import { gelu, relu } from '../graph/operators/elementwise.ts';
import { reshape, slice } from '../graph/operators/layout.ts';
import { clipVision, clipVisionWeights } from './clip-vision.ts';
import { type LlamaWeights, llamaWeights } from './llama.ts';
import { rowsOf } from './vision-layer.ts';

/** The decoder's weights of LLaVA 1.5 and 1.6 by their published names. */
export function llavaDecoder(
  config: Pick<LlavaConfig, 'decoder'>,
  tensors: ReadonlyMap<string, WeightRef>,
): LlamaWeights {
  const names = { model: 'language_model.model.', head: 'language_model.lm_head.weight' };
  return llamaWeights(tensors, config.decoder, names);
}

/** CLIP tower and two-layer projector: pixels of b pictures [b, 3, S, S] → embeddings [b·tokens, H] */
export function buildLlavaVision(
  config: LlavaConfig,
  tensors: ReadonlyMap<string, WeightRef>,
  pictures: Dim = 1,
): Graph {
  const graph = createGraph('vision');
  const { imageSize } = config.vision;
  const pixels = input(graph, 'pixels', 'float32', [pictures, 3, imageSize, imageSize]);
  output('embeddings', visualEmbeddings(pixels, config, tensors));
  return graph;
}

/** What the decoder reads of b pictures, one after the other: pixels [b, 3, S, S] → [b·imageTokens, H] */
export function visualEmbeddings(
  pixels: Value,
  config: Pick<LlavaConfig, 'vision' | 'projector'>,
  tensors: ReadonlyMap<string, WeightRef>,
): Value {
  // Hidden state 0 is the embedding, state i the output of layer i; negative indices count from the last.
  const { layers, hiddenSize } = config.vision;
  const { featureLayer, select, bias, activation } = config.projector;
  const used = featureLayer < 0 ? layers + 1 + featureLayer : featureLayer;
  const weights = clipVisionWeights(tensors, 'vision_tower.vision_model.', used);
  const hidden = clipVision(pixels, config.vision, weights); // [b, tokens, W]
  const tokens = fixedDim(hidden, 1);
  const chosen = select === 'full' ? hidden : slice(hidden, 1, 1, tokens);
  const rows = reshape(chosen, [rowsOf(dimOf(hidden, 0), fixedDim(chosen, 1)), hiddenSize]);
  const layer = (name: string): LinearWeights => {
    const at = `multi_modal_projector.${name}`;
    const matrix = { weight: tensors.get(`${at}.weight`) as WeightRef };
    return bias ? { ...matrix, bias: tensors.get(`${at}.bias`) as WeightRef } : matrix;
  };
  const act = activation === 'gelu' ? gelu : relu;
  return linear(act(linear(rows, layer('linear_1'))), layer('linear_2'));
}
