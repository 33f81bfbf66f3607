import type { GraphNode, Value } from '../graph.ts';
import { transpose } from '../operators/layout.ts';
import { matmul, product } from '../operators/matrix.ts';
import { perInput, type Rule } from './rule.ts';
import { unbroadcast } from './unbroadcast.ts';

export const matrixRules: Readonly<Record<string, Rule>> = {
  MatMul: perInput((g, { a, b }) => [
    () => unbroadcast(matmul(g, turned(b)), a),
    () => unbroadcast(matmul(turned(a), g), b),
  ]),
  Gemm: perInput((g, node) => [
    () => gradientOfLeft(g, node),
    () => gradientOfRight(g, node),
    () => unbroadcast(g, node.inputs[2] as Value),
  ]),
};

/** [.., n, m] → [.., m, n] */
function turned(x: Value): Value {
  const last = x.shape.length - 1;
  const order = x.shape.map((_, axis) => axis);
  [order[last - 1], order[last]] = [last, last - 1];
  return transpose(x, order);
}

type Factors = GraphNode & { readonly a: Value; readonly b: Value };

function gradientOfLeft(g: Value, { a: _, b, attributes }: Factors): Value {
  const [turnedA, turnedB] = [attributes.transA === 1, attributes.transB === 1];
  return turnedA ? product(b, g, { a: turnedB, b: true }) : product(g, b, { b: !turnedB });
}

function gradientOfRight(g: Value, { a, attributes }: Factors): Value {
  const [turnedA, turnedB] = [attributes.transA === 1, attributes.transB === 1];
  return turnedB ? product(g, a, { a: true, b: turnedA }) : product(a, g, { a: !turnedA });
}
