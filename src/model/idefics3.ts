/** Idefics3 and SmolVLM: a SigLIP tower over tiles of one size, whose patches become embeddings square by square. */
import type { Idefics3Config, VisionConfig, WeightRef } from '../contracts/checkpoint.ts';
import { floats, linear } from '../graph/blocks/linear.ts';
import {
  constant,
  createGraph,
  dimOf,
  type Graph,
  input,
  output,
  type Value,
} from '../graph/graph.ts';
import { add } from '../graph/operators/elementwise.ts';
import { gather, reshape, slice, transpose } from '../graph/operators/layout.ts';
import { type LlamaWeights, llamaWeights } from './llama.ts';
import { patchRows, rowsOf, visionLayer, visionNorm, visionTensors } from './vision-layer.ts';

type Tensors = ReadonlyMap<string, WeightRef>;

/** The decoder's weights by their published names. */
export function idefics3Decoder({ decoder }: Idefics3Config, tensors: Tensors): LlamaWeights {
  return llamaWeights(tensors, decoder, { model: 'model.text_model.', head: 'lm_head.weight' });
}

/** Feeds: pixels [t, 3, S, S]. Output: embeddings [t·(grid/shuffle)², H] */
export function buildIdefics3Vision(config: Idefics3Config, tensors: Tensors): Graph {
  const graph = createGraph('vision');
  const { imageSize } = config.vision;
  const pixels = input(graph, 'pixels', 'float32', ['t', 3, imageSize, imageSize]);
  const squares = shuffled(siglipVision(pixels, config.vision, tensors), config);
  const weight = tensors.get('model.connector.modality_projection.proj.weight') as WeightRef;
  output('embeddings', linear(squares, { weight }));
  return graph;
}

/** Pixels of t tiles [t, 3, S, S] → [t·grid², W], after the last norm. Pixels beyond the last whole patch are left out. */
function siglipVision(pixels: Value, config: VisionConfig, tensors: Tensors): Value {
  const { hiddenSize: width, patchSize } = config;
  const tower = visionTensors(tensors, 'model.vision_model.');
  const grid = gridOf(config);
  const [t, tokens, side] = [dimOf(pixels, 0), grid * grid, grid * patchSize];
  const whole = slice(slice(pixels, 2, 0, side), 3, 0, side);
  const rows = patchRows(whole, { ...config, imageSize: side });
  const flat = linear(rows, tower.matrix('embeddings.patch_embedding')); // [t·tokens, W]
  const table = tower.get('embeddings.position_embedding.weight');
  const places = constant(pixels.graph, positionRows(grid, table.dtype), [tokens]);
  const positions = gather(floats(pixels.graph, table), places); // [tokens, W]
  const placed = add(reshape(flat, [t, tokens, width]), positions);
  let x = reshape(placed, [rowsOf(t, tokens), width]);
  for (const layer of tower.layers(config.layers)) x = visionLayer(x, layer, config, [t, tokens]);
  return visionNorm(x, tower.norm('post_layernorm'), config);
}

/**
 * The row of the position table for each patch of a full tile; the processor makes no other tiles.
 *
 * These models were trained with a row for each patch, and that is what half-precision files get. Transformers since 4.55
 * multiplies a patch's coordinate by 1 - 1e-6 before it looks for the row: in float32 all but the first patch of a line
 * then have their neighbour's (huggingface/transformers#41190). Float32 files get that, as Hugging Face computes them; in
 * half precision the factor rounds to 1.
 */
export function positionRows(grid: number, stored: WeightRef['dtype']): Int32Array {
  const bucket = (place: number) => (stored === 'F32' ? Math.max(place - 1, 0) : place);
  return Int32Array.from({ length: grid * grid }, (_, patch) => {
    const [row, column] = [Math.floor(patch / grid), patch % grid];
    return bucket(row) * grid + bucket(column);
  });
}

/** Squares of shuffle² patches, joined row by row: [t·grid², W] → [t·(grid/shuffle)², shuffle²·W] */
function shuffled(x: Value, { vision, shuffle: s }: Idefics3Config): Value {
  const squares = gridOf(vision) / s;
  const width = vision.hiddenSize;
  const cut = reshape(x, ['squares', s, squares, s, width]);
  const joined = transpose(cut, [0, 2, 1, 3, 4]);
  return reshape(joined, [rowsOf('squares', squares), s * s * width]);
}

/** Embeddings of one tile. */
export function tileTokens({
  vision,
  shuffle,
}: Pick<Idefics3Config, 'vision' | 'shuffle'>): number {
  return (gridOf(vision) / shuffle) ** 2;
}

const gridOf = ({ imageSize, patchSize }: VisionConfig): number =>
  Math.floor(imageSize / patchSize);
