/**
 * One LLaMA layer as jax-js would have it written: plain matrices, its own attention, rotation by halves. Shares no
 * code with ours. As everywhere in jax-js, a function uses up its arguments; `ref` keeps one.
 */
import { nn, numpy as np } from '@jax-js/jax';

/** By the names of `DecoderLayerWeights`. */
export interface JaxLayerWeights {
  readonly inputNorm?: np.Array;
  readonly query: np.Array;
  readonly key: np.Array;
  readonly value: np.Array;
  readonly output: np.Array;
  readonly postNorm: np.Array;
  readonly gate: np.Array;
  readonly up: np.Array;
  readonly down: np.Array;
}

export interface JaxLayerShape {
  readonly batch: number;
  readonly rows: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly rmsNormEps: number;
}

/** x [b · n, H] → the same shape; cos and sin [n, 1, headDim]. Every row sees itself and those before it. */
export function jaxDecoderLayer(
  x: np.Array,
  w: JaxLayerWeights,
  { cos, sin }: { cos: np.Array; sin: np.Array },
  { batch, rows, heads, kvHeads, headDim, rmsNormEps }: JaxLayerShape,
): np.Array {
  const cut = (y: np.Array, count: number) => y.reshape([batch, rows, count, headDim]);
  const read = w.inputNorm ? jaxRmsNorm(x.ref, w.inputNorm, rmsNormEps) : x.ref;
  const q = rotate(cut(jaxLinear(read.ref, w.query), heads), cos.ref, sin.ref);
  const k = rotate(cut(jaxLinear(read.ref, w.key), kvHeads), cos, sin);
  const v = cut(jaxLinear(read, w.value), kvHeads);
  const mixed = causalAttention(q, k, v).reshape([batch * rows, heads * headDim]);
  const seen = x.add(jaxLinear(mixed, w.output));
  const inner = jaxRmsNorm(seen.ref, w.postNorm, rmsNormEps);
  const gated = nn.silu(jaxLinear(inner.ref, w.gate)).mul(jaxLinear(inner, w.up));
  return seen.add(jaxLinear(gated, w.down));
}

/** x [n, in] · wᵀ */
export const jaxLinear = (x: np.Array, w: np.Array): np.Array => np.matmul(x, w.transpose());

export function jaxRmsNorm(x: np.Array, gain: np.Array, eps: number): np.Array {
  const meanSquare = np.square(x.ref).mean(-1, { keepdims: true });
  return x.mul(np.reciprocal(np.sqrt(meanSquare.add(eps)))).mul(gain);
}

/** q [b, n, heads, d], k and v [b, n, kvHeads, d] → [b, n, heads, d]. jax-js's own needs a newer Node than 20. */
function causalAttention(q: np.Array, k: np.Array, v: np.Array): np.Array {
  const [, n, heads, d] = q.shape as [number, number, number, number];
  const group = heads / (k.shape[2] as number);
  const byHead = (x: np.Array) => x.transpose([0, 2, 1, 3]); // [b, heads, n, d]
  const keys = byHead(np.repeat(k, group, 2)).transpose([0, 1, 3, 2]);
  const scores = np.matmul(byHead(q), keys).mul(1 / Math.sqrt(d)); // [b, heads, n, n]
  const hidden = np.triu(np.full([n, n], -1e9), 1);
  return byHead(np.matmul(nn.softmax(scores.add(hidden), -1), byHead(np.repeat(v, group, 2))));
}

export function rotate(x: np.Array, cos: np.Array, sin: np.Array): np.Array {
  const [low, high] = np.split(x.ref, 2, -1) as [np.Array, np.Array];
  return x.mul(cos).add(np.concatenate([high.neg(), low], -1).mul(sin));
}
