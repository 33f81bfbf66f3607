import { cachedAttention, type Past, type Visibility } from '../graph/blocks/attention.ts';
import { quarterTurn, type RotaryRows } from '../graph/blocks/rotary.ts';
import { dimOf, type Graph, input, type Value } from '../graph/graph.ts';
import { reshape } from '../graph/operators/layout.ts';

/** The rows of a pass: ids or visual embeddings, and the rows that the head reads. */
export function rowInputs(graph: Graph, hiddenSize: number) {
  return {
    ids: input(graph, 'ids', 'int32', ['n']),
    visual: input(graph, 'visual', 'float32', ['m', hiddenSize]),
    order: input(graph, 'order', 'int32', ['n']),
    heads: input(graph, 'heads', 'int32', ['w']),
  };
}

/** Who sees whom, and the rotary rows: bias [n, c+n], cos and sin [n, 1, headDim]. */
export function passInputs(
  graph: Graph,
  { headDim }: { headDim: number },
): { bias: Value; rotary: RotaryRows } {
  const rows = ['n', 1, headDim] as const;
  return {
    bias: input(graph, 'bias', 'float32', ['n', 'c+n']),
    rotary: {
      cos: input(graph, 'cos', 'float32', rows),
      sin: input(graph, 'sin', 'float32', rows),
      turn: quarterTurn(graph, headDim),
    },
  };
}

/** A pass over rows behind a cache. */
export function cachedPass(rotary: RotaryRows, past: Past, visible: Visibility, headDim: number) {
  return {
    rotary,
    cut: (x: Value, heads: number) => reshape(x, [dimOf(x, 0), heads, headDim]),
    attend: (q: Value, k: Value, v: Value) => cachedAttention(q, k, v, past, visible),
  };
}

/** A layer's committed cache: keys_i [kvHeads, headDim, c], values_i [kvHeads, c, headDim]. */
export function pastInputs(
  graph: Graph,
  layer: number,
  { kvHeads, headDim }: { kvHeads: number; headDim: number },
): Past {
  return {
    keys: input(graph, `keys_${layer}`, 'float32', [kvHeads, headDim, 'c']),
    values: input(graph, `values_${layer}`, 'float32', [kvHeads, 'c', headDim]),
  };
}
