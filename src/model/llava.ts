import type { LlavaConfig, TensorRef } from '../contracts/checkpoint.ts';
import { type LinearWeights, linear } from '../graph/blocks/linear.ts';
import { createGraph, dimOf, type Graph, input, output } from '../graph/graph.ts';
import { gelu, relu } from '../graph/operators/elementwise.ts';
import { slice } from '../graph/operators/layout.ts';
import { clipVision, clipVisionWeights } from './clip-vision.ts';
import { buildLlama, llamaWeights } from './llama.ts';

/** The two graphs of a LLaVA target: pixels → visual embeddings, and the decoder. */
export interface LlavaGraphs {
  /** pixels [1, 3, S, S] → embeddings [tokens, H] */
  readonly vision: Graph;
  /** See `buildLlama`. */
  readonly decoder: Graph;
}

/** LLaVA 1.5: CLIP tower, two-layer projector, LLaMA decoder, from tensors of the published layout. */
export function buildLlava(
  config: LlavaConfig,
  tensors: ReadonlyMap<string, TensorRef>,
): LlavaGraphs {
  const names = { model: 'language_model.model.', head: 'language_model.lm_head.weight' };
  return {
    vision: buildVision(config, tensors),
    decoder: buildLlama(config.decoder, llamaWeights(tensors, config.decoder, names)),
  };
}

function buildVision(config: LlavaConfig, tensors: ReadonlyMap<string, TensorRef>): Graph {
  const graph = createGraph('vision');
  const { imageSize, layers } = config.vision;
  const pixels = input(graph, 'pixels', 'float32', [1, 3, imageSize, imageSize]);
  // Hidden state 0 is the embedding, state i the output of layer i; negative indices count from the last.
  const { featureLayer, select, bias, activation } = config.projector;
  const used = featureLayer < 0 ? layers + 1 + featureLayer : featureLayer;
  const weights = clipVisionWeights(tensors, 'vision_tower.vision_model.', used);
  const hidden = clipVision(pixels, config.vision, weights);
  const chosen = select === 'full' ? hidden : slice(hidden, 0, 1, dimOf(hidden, 0) as number);
  const layer = (name: string): LinearWeights => {
    const at = `multi_modal_projector.${name}`;
    const matrix = { weight: tensors.get(`${at}.weight`) as TensorRef };
    return bias ? { ...matrix, bias: tensors.get(`${at}.bias`) as TensorRef } : matrix;
  };
  const act = activation === 'gelu' ? gelu : relu;
  output('embeddings', linear(act(linear(chosen, layer('linear_1'))), layer('linear_2')));
  return graph;
}
