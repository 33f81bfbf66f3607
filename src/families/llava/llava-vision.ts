import type { Dim } from '../../graph/dim.ts';
import { createGraph, type Graph, input, output } from '../../graph/graph.ts';
import type { Tensors } from '../family.ts';
import { visualEmbeddings } from '../llava-parts/visual-embeddings.ts';
import type { LlavaConfig } from './llava-config.ts';

/** CLIP tower and two-layer projector: pixels of b pictures [b, 3, S, S] → embeddings [b·tokens, H] */
export function buildLlavaVision(config: LlavaConfig, tensors: Tensors, pictures: Dim = 1): Graph {
  const graph = createGraph('vision');
  const { imageSize } = config.vision;
  const pixels = input(graph, 'pixels', 'float32', [pictures, 3, imageSize, imageSize]);
  output('embeddings', visualEmbeddings(pixels, config, tensors));
  return graph;
}
