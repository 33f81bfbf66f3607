import { createGraph, type Graph, input, output } from '../../graph/graph.ts';
import type { Tensors } from '../family.ts';
import { visualEmbeddings } from '../llava-parts/visual-embeddings.ts';
import type { LlavaConfig } from './llava-config.ts';

/** CLIP tower and two-layer projector: pixels [1, 3, S, S] → embeddings [tokens, H] */
export function buildLlavaVision(config: LlavaConfig, tensors: Tensors): Graph {
  const graph = createGraph('vision');
  const { imageSize } = config.vision;
  const pixels = input(graph, 'pixels', 'float32', [1, 3, imageSize, imageSize]);
  output('embeddings', visualEmbeddings(pixels, config, tensors));
  return graph;
}
