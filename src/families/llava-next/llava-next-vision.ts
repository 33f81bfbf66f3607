import type { WeightRef } from '../../contracts/checkpoint.ts';
import { floats } from '../../graph/blocks/stored-rows.ts';
import { createGraph, type Graph, input, output } from '../../graph/graph.ts';
import { concat, gather } from '../../graph/operators/layout.ts';
import type { Tensors } from '../family.ts';
import { visualEmbeddings } from '../llava-parts/visual-embeddings.ts';
import type { LlavaNextConfig } from './llava-next-config.ts';
import { NEWLINE } from './llava-next-tensors.ts';

/**
 * The tower and projector of LLaVA 1.6 over the t tiles of one picture.
 * Feeds: pixels [t, 3, S, S], order int32 [n]: which row of the tiles' patches [t·patches], followed by the one that ends
 * a line, stands at each place.
 * Output: embeddings [n, H]
 */
export function buildLlavaNextVision(config: LlavaNextConfig, tensors: Tensors): Graph {
  const graph = createGraph('vision');
  const { imageSize } = config.vision;
  const pixels = input(graph, 'pixels', 'float32', ['t', 3, imageSize, imageSize]);
  const order = input(graph, 'order', 'int32', ['n']);
  const patches = visualEmbeddings(pixels, config, tensors);
  const newline = floats(graph, tensors.get(NEWLINE) as WeightRef, [1, config.decoder.hiddenSize]);
  output('embeddings', gather(concat([patches, newline], 0), order));
  return graph;
}
