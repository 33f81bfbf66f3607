import { GraphError } from '../../contracts/errors.ts';
import { broadcastShapes, formatShape } from '../dim.ts';
import { type Dtype, ONNX_TYPE } from '../dtype.ts';
import { appendOne, constant, requireSameDtype, type Value } from '../graph.ts';

/** a and b broadcast as in numpy. */
export const add = (a: Value, b: Value): Value => binary('Add', a, b);
export const sub = (a: Value, b: Value): Value => binary('Sub', a, b);
export const mul = (a: Value, b: Value): Value => binary('Mul', a, b);
export const div = (a: Value, b: Value): Value => binary('Div', a, b);
/** a to the power of b */
export const pow = (a: Value, b: Value): Value => binary('Pow', a, b);

/** The larger of both, NaN where one of them is. */
export const maximum = (a: Value, b: Value): Value => binary('Max', a, b);

export const abs = (x: Value): Value => unary('Abs', x);
export const sqrt = (x: Value): Value => unary('Sqrt', x);
export const exp = (x: Value): Value => unary('Exp', x);
export const log = (x: Value): Value => unary('Log', x);
export const erf = (x: Value): Value => unary('Erf', x);
export const relu = (x: Value): Value => unary('Relu', x);
/** x · Φ(x) with the exact normal distribution. */
export const gelu = (x: Value): Value => unary('Gelu', x);

/** x · Φ(x) by the approximation with tanh: x · sigmoid(√(8/π) · (x + 0.044715 x³)) */
export function geluTanh(x: Value): Value {
  const factor = Math.sqrt(8 / Math.PI);
  const slope = add(scale(mul(x, x), 0.044715 * factor), scalar(x, factor));
  return mul(x, sigmoid(mul(x, slope)));
}

/** x · sigmoid(x) */
export const silu = (x: Value): Value => mul(x, sigmoid(x));
/** x · sigmoid(1.702 x) */
export const quickGelu = (x: Value): Value => mul(x, sigmoid(scale(x, 1.702)));

/** 1 / (1 + e^-x) */
export const sigmoid = (x: Value): Value => unary('Sigmoid', x);

/** x · factor */
export const scale = (x: Value, factor: number): Value => mul(x, scalar(x, factor));

/** x held between two bounds. */
export function clip(x: Value, low: number, high: number): Value {
  const bounds = [low, high].map((bound) => constant(x.graph, Float32Array.of(bound), []));
  return appendOne('Clip', [x, ...bounds], { dtype: x.dtype, shape: x.shape });
}

/** 1 where a equals b, else 0. */
export const equals = (a: Value, b: Value): Value => comparison('Equal', a, b);
/** 1 where a is greater than b, else 0. */
export const greater = (a: Value, b: Value): Value => comparison('Greater', a, b);

/** A constant in x's graph that broadcasts to any shape: float32 [1]. */
export function scalar({ graph }: Value, number: number): Value {
  return constant(graph, new Float32Array([number]), [1]);
}

export function cast(x: Value, dtype: Dtype): Value {
  if (x.dtype === dtype) return x;
  return appendOne('Cast', [x], { dtype, shape: x.shape }, { to: ONNX_TYPE[dtype] });
}

function comparison(op: string, a: Value, b: Value): Value {
  return cast(binary(op, a, b, 'bool'), a.dtype);
}

function binary(op: string, a: Value, b: Value, result?: Dtype): Value {
  const dtype = result ?? requireSameDtype(op, [a, b]);
  const shape = broadcastShapes(a.shape, b.shape);
  if (shape === undefined) {
    const shapes = [a, b].map((value) => formatShape(value.shape)).join(' and ');
    throw new GraphError(`${op}: shapes ${shapes} do not broadcast.`);
  }
  return appendOne(op, [a, b], { dtype, shape });
}

function unary(op: string, x: Value): Value {
  return appendOne(op, [x], { dtype: x.dtype, shape: x.shape });
}
