import type { Value } from '../graph.ts';
import {
  add,
  cast,
  div,
  equals,
  erf,
  exp,
  greater,
  mul,
  pow,
  scalar,
  scale,
  sub,
} from '../operators/elementwise.ts';
import { constantNumber } from './constant-number.ts';
import { perInput, type Rule } from './rule.ts';
import { unbroadcast } from './unbroadcast.ts';

export const elementwiseRules: Readonly<Record<string, Rule>> = {
  Add: perInput((g, { a, b }) => [() => unbroadcast(g, a), () => unbroadcast(g, b)]),
  Sub: perInput((g, { a, b }) => [() => unbroadcast(g, a), () => unbroadcast(scale(g, -1), b)]),
  Mul: perInput((g, { a, b }) => [
    () => unbroadcast(mul(g, b), a),
    () => unbroadcast(mul(g, a), b),
  ]),
  Div: perInput((g, { a, b, output }) => [
    () => unbroadcast(div(g, b), a),
    () => unbroadcast(scale(div(mul(g, output), b), -1), b),
  ]),
  Pow: perInput((g, { a, b }) => [() => unbroadcast(mul(g, powSlope(a, b)), a)]),
  Sqrt: perInput((g, { output }) => [() => div(scale(g, 0.5), output)]),
  Exp: perInput((g, { output }) => [() => mul(g, output)]),
  Erf: perInput((g, { a }) => [() => mul(g, scale(gaussian(a), 2 / Math.sqrt(Math.PI)))]),
  Sigmoid: perInput((g, { output }) => [() => mul(g, sub(output, mul(output, output)))]),
  Relu: perInput((g, { a }) => [() => mul(g, greater(a, scalar(a, 0)))]),
  Gelu: perInput((g, { a }) => [() => mul(g, geluSlope(a))]),
  Clip: perInput((g, { a, output }) => [() => mul(g, equals(a, output))]),
  Cast: perInput((g, { a }) => [() => cast(g, a.dtype)]),
  Identity: perInput((g) => [() => g]),
};

/** exp(-x²) */
const gaussian = (x: Value): Value => exp(scale(mul(x, x), -1));

/** b · aᵇ⁻¹ for a constant b. */
function powSlope(a: Value, b: Value): Value {
  const exponent = constantNumber(b);
  if (exponent === 2) return scale(a, 2);
  return scale(pow(a, scalar(a, exponent - 1)), exponent);
}

/** Φ(x) + x φ(x) */
function geluSlope(x: Value): Value {
  const below = scale(add(erf(scale(x, Math.SQRT1_2)), scalar(x, 1)), 0.5);
  const density = scale(gaussian(scale(x, Math.SQRT1_2)), 1 / Math.sqrt(2 * Math.PI));
  return add(below, mul(x, density));
}
