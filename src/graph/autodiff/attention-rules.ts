import { dimOf, fixedDim, type GraphNode, type Value } from '../graph.ts';
import { mul, scale, sub } from '../operators/elementwise.ts';
import { reshape, transpose } from '../operators/layout.ts';
import { matmul } from '../operators/matrix.ts';
import { softmax, sumOver } from '../operators/reduce.ts';
import type { Rule } from './rule.ts';

export const attentionRules: Readonly<Record<string, Rule>> = {
  'com.microsoft.MultiHeadAttention': multiHeadRule,
};

/**
 * Attention of every row over every row, as `flashAttention` makes it. Its weights A, which forward never holds all at
 * once, are computed again. With g the gradient of A · V: dV = Aᵀ · g and, where P = A ∘ (g · Vᵀ), the scores get
 * P - A · sum(P).
 */
function multiHeadRule(
  { inputs, attributes }: GraphNode,
  [gradient]: readonly (Value | undefined)[],
  wants: (input: number) => boolean,
) {
  const [query] = inputs as [Value];
  const [rows, width] = [dimOf(query, 1), fixedDim(query, 2)];
  const heads = attributes.num_heads as number;
  const apart = (x: Value) => transpose(reshape(x, [rows, heads, width / heads]), [1, 0, 2]);
  const joined = (x: Value) => reshape(transpose(x, [1, 0, 2]), [1, rows, width]);
  const [q, k, v, g] = [...inputs, gradient as Value].map((x) => apart(x as Value)) as [
    Value,
    Value,
    Value,
    Value,
  ]; // [heads, t, headDim]
  const root = 1 / Math.sqrt(width / heads);
  const weights = softmax(scale(matmul(q, turned(k)), root)); // [heads, t, t]
  const byScores = () => {
    const weighted = mul(weights, matmul(g, turned(v)));
    return scale(sub(weighted, mul(weights, sumOver(weighted, [-1]))), root);
  };
  const scores = wants(0) || wants(1) ? byScores() : undefined;
  return [
    scores && wants(0) ? joined(matmul(scores, k)) : undefined,
    scores && wants(1) ? joined(matmul(turned(scores), q)) : undefined,
    wants(2) ? joined(matmul(turned(weights), g)) : undefined,
  ];
}

/** [heads, n, m] → [heads, m, n] */
const turned = (x: Value): Value => transpose(x, [0, 2, 1]);
