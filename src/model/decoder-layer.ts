import type { Product, WeightRef } from '../contracts/checkpoint.ts';
import { type LinearWeights, linear, linears } from '../graph/blocks/linear.ts';
import { rmsNorm } from '../graph/blocks/norms.ts';
import { type RotaryRows, rotary } from '../graph/blocks/rotary.ts';
import type { Value } from '../graph/graph.ts';
import { add, mul, silu } from '../graph/operators/elementwise.ts';
import { split } from '../graph/operators/layout.ts';

/** Weights of one LLaMA layer. */
export interface DecoderLayerWeights {
  /** Absent in the first layer of an MSD draft. */
  readonly inputNorm?: WeightRef;
  readonly query: LinearWeights;
  readonly key: LinearWeights;
  readonly value: LinearWeights;
  readonly output: LinearWeights;
  readonly postNorm: WeightRef;
  readonly gate: LinearWeights;
  readonly up: LinearWeights;
  readonly down: LinearWeights;
}

/** Its products: what reads the same rows is one. What attention mixes is written and read by them alone, head by head. */
export const layerProducts = (
  weights: DecoderLayerWeights,
  { headDim }: Pick<LayerShape, 'headDim'>,
): Product<WeightRef>[] => [
  {
    matrices: [weights.query.weight, weights.key.weight, weights.value.weight],
    writes: [undefined, undefined, headDim],
  },
  { matrices: [weights.output.weight], reads: headDim },
  ...mlpProducts(weights),
];

/** Those behind attention. */
export const mlpProducts = (
  weights: Pick<DecoderLayerWeights, 'gate' | 'up' | 'down'>,
): Product<WeightRef>[] => [
  { matrices: [weights.gate.weight, weights.up.weight] },
  { matrices: [weights.down.weight] },
];

export interface LayerShape {
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly rmsNormEps: number;
}

/** How the rows of a pass see each other: all heads' numbers as the products give them, or head by head. */
export type Pass<Attended extends { readonly mixed: Value }> = (
  | RowsPass<Attended>
  | HeadsPass<Attended>
) & {
  /** Picks the rows that are computed further than attention, which looks at all: [n, H] → [w, H]. Default all. */
  readonly keepRows?: (x: Value) => Value;
};

interface RowsPass<Attended> {
  /** Queries and keys [n, (heads + kvHeads) · headDim], values [n, kvHeads · headDim] → mixed [n, heads · headDim] */
  readonly attendRows: (queryKey: Value, value: Value) => Attended;
}

/** How the rows of a pass become heads, where they stand, and whom they see. */
interface HeadsPass<Attended> {
  readonly rotary: RotaryRows;
  /** Rows [n, heads · headDim] cut into [.., heads, headDim]. */
  readonly splitHeads: (x: Value, heads: number) => Value;
  /** q, k, v as `splitHeads` gives them → mixed [n, heads · headDim], and whatever else is to be kept. */
  readonly attend: (q: Value, k: Value, v: Value) => Attended;
}

/** One LLaMA layer over n rows: x [n, H] → x of those that are kept [w, H], and what attention kept. */
export function decoderLayer<Attended extends { readonly mixed: Value }>(
  x: Value,
  weights: DecoderLayerWeights,
  pass: Pass<Attended>,
  shape: LayerShape,
): { x: Value; attended: Attended } {
  const read = weights.inputNorm ? rmsNorm(x, weights.inputNorm, shape.rmsNormEps) : x;
  const attended = selfAttention(read, weights, pass, shape);
  const { keepRows = (rows) => rows } = pass;
  return { x: afterAttention(keepRows(x), keepRows(attended.mixed), weights, shape), attended };
}

/** The rest of a layer: what attention mixed [n, heads · headDim] is added to x [n, H], then what the MLP makes of both. */
export function afterAttention(
  x: Value,
  mixed: Value,
  weights: Pick<DecoderLayerWeights, 'output' | 'postNorm' | 'gate' | 'up' | 'down'>,
  { rmsNormEps }: Pick<LayerShape, 'rmsNormEps'>,
): Value {
  const seen = add(x, linear(mixed, weights.output));
  return add(seen, gatedMlp(rmsNorm(seen, weights.postNorm, rmsNormEps), weights));
}

function selfAttention<Attended extends { readonly mixed: Value }>(
  x: Value,
  weights: DecoderLayerWeights,
  pass: Pass<Attended>,
  { heads, kvHeads, headDim }: LayerShape,
): Attended {
  const parts = [weights.query, weights.key, weights.value];
  const [queryKey, value] = linears(x, parts, [(heads + kvHeads) * headDim, kvHeads * headDim]);
  if ('attendRows' in pass) return pass.attendRows(queryKey as Value, value as Value);
  const { splitHeads } = pass;
  const turned = rotary(splitHeads(queryKey as Value, heads + kvHeads), pass.rotary);
  const [q, k] = split(turned, [heads, kvHeads], -2) as [Value, Value];
  return pass.attend(q, k, splitHeads(value as Value, kvHeads));
}

/** down(silu(gate x) · up x) */
function gatedMlp(x: Value, weights: Pick<DecoderLayerWeights, 'gate' | 'up' | 'down'>): Value {
  const width = weights.gate.weight.shape[0] as number;
  const [gate, up] = linears(x, [weights.gate, weights.up], [width, width]) as [Value, Value];
  return linear(mul(silu(gate), up), weights.down);
}
