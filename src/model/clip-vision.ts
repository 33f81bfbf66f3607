import type { TensorRef, VisionConfig } from '../contracts/checkpoint.ts';
import { fullAttention } from '../graph/blocks/attention.ts';
import { floats, type LinearWeights, linear, linears } from '../graph/blocks/linear.ts';
import { layerNorm } from '../graph/blocks/norms.ts';
import type { Dim } from '../graph/dim.ts';
import { dimOf, type Value } from '../graph/graph.ts';
import { add, gelu, quickGelu } from '../graph/operators/elementwise.ts';
import { concat, expandLike, reshape, slice, transpose } from '../graph/operators/layout.ts';

interface Norm {
  readonly gain: TensorRef;
  readonly bias: TensorRef;
}

interface VisionLayerWeights {
  readonly norm1: Norm;
  readonly attention: readonly [LinearWeights, LinearWeights, LinearWeights];
  readonly output: LinearWeights;
  readonly norm2: Norm;
  readonly expand: LinearWeights;
  readonly contract: LinearWeights;
}

export interface ClipVisionWeights {
  readonly patch: TensorRef; // [H, 3, patch, patch]
  readonly classToken: TensorRef; // [H]
  readonly positions: TensorRef; // [tokens, H]
  readonly preNorm: Norm;
  readonly layers: readonly VisionLayerWeights[];
}

/**
 * CLIP's vision tower up to the last of the given layers: pixels of b pictures [b, 3, S, S] →
 * hidden states [b, tokens, H], class token first.
 */
export function clipVision(pixels: Value, config: VisionConfig, weights: ClipVisionWeights): Value {
  const { hiddenSize: width } = config;
  const grid = config.imageSize / config.patchSize;
  const [b, tokens] = [dimOf(pixels, 0), grid * grid + 1];
  const flat = linear(patches(pixels, config), { weight: weights.patch }); // [b·grid², H]
  const embedded = reshape(flat, [b, grid * grid, width]);
  const classToken = floats(pixels.graph, weights.classToken, [1, 1, width]);
  const classTokens = expandLike(classToken, slice(embedded, 1, 0, 1)); // [b, 1, H]
  const placed = add(concat([classTokens, embedded], 1), floats(pixels.graph, weights.positions));
  const rows = rowsOf(b, tokens);
  let x = norm(reshape(placed, [rows, width]), weights.preNorm, config);
  for (const layer of weights.layers) x = visionLayer(x, layer, config, [b, tokens]);
  return reshape(x, [b, tokens, width]);
}

/** [b, 3, S, S] → one row per patch, in the order of a convolution's weights: [b·grid², 3 · patch²] */
function patches(pixels: Value, { imageSize, patchSize: p }: VisionConfig): Value {
  const grid = imageSize / p;
  const b = dimOf(pixels, 0);
  const cut = transpose(reshape(pixels, [b, 3, grid, p, grid, p]), [0, 2, 4, 1, 3, 5]);
  return reshape(cut, [rowsOf(b, grid * grid), 3 * p * p]);
}

/** The size of b pictures of some rows each; a name where b is one. */
export function rowsOf(b: Dim, rows: number): Dim {
  return typeof b === 'number' ? b * rows : `${b}*${rows}`;
}

function norm(x: Value, { gain, bias }: Norm, { layerNormEps }: VisionConfig): Value {
  return layerNorm(x, gain, bias, layerNormEps);
}

/** x [b·tokens, H] → [b·tokens, H] */
function visionLayer(
  x: Value,
  weights: VisionLayerWeights,
  config: VisionConfig,
  [b, tokens]: readonly [Dim, number],
): Value {
  const { heads, hiddenSize: width } = config;
  const [q, k, v] = linears(norm(x, weights.norm1, config), weights.attention, [
    width,
    width,
    width,
  ]).map((part) => reshape(part, [b, tokens, heads, width / heads])) as [Value, Value, Value];
  const mixed = reshape(fullAttention(q, k, v), [dimOf(x, 0), width]);
  const attended = add(x, linear(mixed, weights.output));
  const activation = config.activation === 'quick_gelu' ? quickGelu : gelu;
  const read = norm(attended, weights.norm2, config);
  return add(attended, linear(activation(linear(read, weights.expand)), weights.contract));
}

/** The published names of the tower's tensors, for its first `layers` layers. */
export function clipVisionWeights(
  tensors: ReadonlyMap<string, TensorRef>,
  prefix: string,
  layers: number,
): ClipVisionWeights {
  const get = (name: string) => tensors.get(prefix + name) as TensorRef;
  const pair = (name: string) => ({ gain: get(`${name}.weight`), bias: get(`${name}.bias`) });
  const matrix = (name: string): LinearWeights => ({
    weight: get(`${name}.weight`),
    bias: get(`${name}.bias`),
  });
  return {
    patch: get('embeddings.patch_embedding.weight'),
    classToken: get('embeddings.class_embedding'),
    positions: get('embeddings.position_embedding.weight'),
    preNorm: pair('pre_layrnorm'),
    layers: Array.from({ length: layers }, (_, index) => {
      const at = `encoder.layers.${index}.`;
      return {
        norm1: pair(`${at}layer_norm1`),
        attention: [
          matrix(`${at}self_attn.q_proj`),
          matrix(`${at}self_attn.k_proj`),
          matrix(`${at}self_attn.v_proj`),
        ] as const,
        output: matrix(`${at}self_attn.out_proj`),
        norm2: pair(`${at}layer_norm2`),
        expand: matrix(`${at}mlp.fc1`),
        contract: matrix(`${at}mlp.fc2`),
      };
    }),
  };
}
