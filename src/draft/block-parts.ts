/**
 * What a block draft is made of, whether it runs or learns (DFlash, arXiv 2602.06036; DSpark, arXiv 2607.05147). Context
 * rows are read once and never attend; the slots of a block stand behind them and guess one token each, all at once.
 * Rows are those of any number of texts, one after the other.
 */
import type { BlockDraftConfig } from '../contracts/block-draft.ts';
import type { Product, WeightRef } from '../contracts/checkpoint.ts';
import { type LinearWeights, linear, linears } from '../graph/blocks/linear.ts';
import { rmsNorm } from '../graph/blocks/norms.ts';
import { embedding, floats } from '../graph/blocks/stored-rows.ts';
import { fixedDim, type Value } from '../graph/graph.ts';
import { add, mul, sigmoid } from '../graph/operators/elementwise.ts';
import { concat, gather, slice } from '../graph/operators/layout.ts';
import { sumOver } from '../graph/operators/reduce.ts';
import { afterAttention, type DecoderLayerWeights, mlpProducts } from '../model/decoder-layer.ts';
import { draftLayer, draftMatrix } from './draft-layer.ts';

/** The weights of a block draft; its words and its head are the target's. */
export interface BlockDraftWeights {
  readonly fc: LinearWeights;
  readonly contextNorm: WeightRef;
  /** What stands in every slot but the first [H]. */
  readonly mask: WeightRef;
  readonly layers: readonly BlockLayerWeights[];
  readonly norm: WeightRef;
  readonly markov: MarkovWeights;
  readonly confidence: LinearWeights;
}

type BlockLayerWeights = DecoderLayerWeights & { readonly inputNorm: WeightRef };

/** How a token makes the next ones likelier than they are without it. */
interface MarkovWeights {
  /** W1 [V, r], a row for each token before. */
  readonly before: WeightRef;
  /** W2 [V', r], a row for each token that can be guessed. */
  readonly after: LinearWeights;
}

/** By the names of `blockDraftShapes`. */
export function blockDraftWeights(
  tensors: ReadonlyMap<string, WeightRef>,
  { layers }: Pick<BlockDraftConfig, 'layers'>,
): BlockDraftWeights {
  const get = (name: string) => tensors.get(`${name}.weight`) as WeightRef;
  return {
    fc: draftMatrix(tensors, 'fc'),
    contextNorm: get('hidden_norm'),
    mask: get('mask_embedding'),
    layers: Array.from(
      { length: layers },
      (_, n) => draftLayer(tensors, n, { inputNorm: true }) as BlockLayerWeights,
    ),
    norm: get('norm'),
    markov: {
      before: get('markov_head.markov_w1'),
      after: draftMatrix(tensors, 'markov_head.markov_w2'),
    },
    confidence: draftMatrix(tensors, 'confidence_head.proj', true),
  };
}

/** Its products: slots alone ask, context rows and slots answer. */
export const blockDraftProducts = ({
  fc,
  layers,
}: Pick<BlockDraftWeights, 'fc' | 'layers'>): Product<WeightRef>[] => [
  { matrices: [fc.weight] },
  ...layers.flatMap((layer) => [
    { matrices: [layer.query.weight] },
    { matrices: [layer.key.weight, layer.value.weight] },
    { matrices: [layer.output.weight] },
    ...mlpProducts(layer),
  ]),
];

/** Where visual rows stand among those of a context. */
export interface VisualContext {
  /** Projected embeddings [m, H] */
  readonly embeddings: Value;
  /** int32 [n]: row i is entry order[i] of the n features followed by the m embeddings. */
  readonly order: Value;
}

/**
 * Context rows: features [n, H] → c [n, H]. Decoupled, a visual row is the embedding itself, past fc and feature; fused,
 * `visual` is left out and it goes the way of a word.
 */
export function contextRows(
  features: Value,
  visual: VisualContext | undefined,
  { fc, contextNorm }: Pick<BlockDraftWeights, 'fc' | 'contextNorm'>,
  { rmsNormEps }: Pick<BlockDraftConfig, 'rmsNormEps'>,
): Value {
  const words = linear(features, fc);
  const rows = visual ? gather(concat([words, visual.embeddings], 0), visual.order) : words;
  return rmsNorm(rows, contextNorm, rmsNormEps);
}

/**
 * What stands in the slots: roots int32 [b] → x [s, H]
 * @param table the target's embeddings [V, H]
 * @param order int32 [s]: slot i is entry order[i] of the b roots followed by the mask
 */
export function slotRows(roots: Value, order: Value, table: WeightRef, mask: WeightRef): Value {
  const masked = floats(roots.graph, mask, [1, ...mask.shape]);
  return gather(concat([embedding(table, roots), masked], 0), order);
}

/** Who sees whom: queries [s, heads · headDim]; keys and values [n + s, kvHeads · headDim], slots behind context. */
export type BlockAttend<Attended extends { readonly mixed: Value }> = (
  queries: Value,
  keys: Value,
  values: Value,
) => Attended; // mixed [s, heads · headDim]

/**
 * One layer over the slots x [s, H], behind context rows c [n, H] that are the same for every layer. Queries and keys are
 * handed to `attend` as the products give them, not yet turned.
 */
export function blockLayer<Attended extends { readonly mixed: Value }>(
  x: Value,
  context: Value,
  weights: BlockLayerWeights,
  attend: BlockAttend<Attended>,
  { kvHeads, headDim, rmsNormEps }: Pick<BlockDraftConfig, 'kvHeads' | 'headDim' | 'rmsNormEps'>,
): { x: Value; attended: Attended } {
  const read = rmsNorm(x, weights.inputNorm, rmsNormEps);
  const width = kvHeads * headDim;
  const both = concat([context, read], 0);
  const [keys, values] = linears(both, [weights.key, weights.value], [width, width]);
  const attended = attend(linear(read, weights.query), keys as Value, values as Value);
  return { x: afterAttention(x, attended.mixed, weights, { rmsNormEps }), attended };
}

/** W1[u] of the tokens before: int32 [..] → [.., r] */
export const markovRows = (before: Value, { before: table }: MarkovWeights): Value =>
  embedding(table, before);

/** What tokens before add to the logits of all that can follow: W1[u] [n, r] → [n, V'] */
export const markovBias = (rows: Value, { after }: MarkovWeights): Value => linear(rows, after);

/**
 * How surely a slot's token is guessed right behind the one before: y [.., H] after the final norm, W1[u] [.., r] →
 * [.., 1], where many u may stand before one y. No product, whose bits would depend on how many there are.
 */
export function confidenceOf(y: Value, rows: Value, { weight, bias }: LinearWeights): Value {
  const width = fixedDim(y, -1);
  const factors = floats(y.graph, weight);
  const worth = (x: Value, from: number) =>
    sumOver(mul(x, slice(factors, 1, from, from + fixedDim(x, -1))), [-1]);
  const sum = add(worth(y, 0), worth(rows, width));
  return sigmoid(bias ? add(sum, floats(y.graph, bias)) : sum);
}
