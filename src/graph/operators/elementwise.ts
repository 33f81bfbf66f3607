import { GraphError } from '../../contracts/errors.ts';
import { broadcastShapes, formatShape } from '../dim.ts';
import { appendOne, constant, type Dtype, requireSameDtype, type Value } from '../graph.ts';

function binary(op: string, a: Value, b: Value): Value {
  const dtype = requireSameDtype(op, [a, b]);
  const shape = broadcastShapes(a.shape, b.shape);
  if (shape === undefined) {
    throw new GraphError(
      `${op}: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} do not broadcast.`,
    );
  }
  return appendOne(op, [a, b], { dtype, shape });
}

const unary = (op: string, x: Value): Value =>
  appendOne(op, [x], { dtype: x.dtype, shape: x.shape });

export const add = (a: Value, b: Value): Value => binary('Add', a, b);
export const mul = (a: Value, b: Value): Value => binary('Mul', a, b);
export const div = (a: Value, b: Value): Value => binary('Div', a, b);

export const sigmoid = (x: Value): Value => unary('Sigmoid', x);
export const sqrt = (x: Value): Value => unary('Sqrt', x);
export const relu = (x: Value): Value => unary('Relu', x);
/** x · Φ(x) with the exact normal distribution. */
export const gelu = (x: Value): Value => unary('Gelu', x);

/** x · sigmoid(x) */
export const silu = (x: Value): Value => mul(x, sigmoid(x));
/** x · sigmoid(1.702 x) */
export const quickGelu = (x: Value): Value => mul(x, sigmoid(scale(x, 1.702)));

/** x · factor */
export function scale(x: Value, factor: number): Value {
  return mul(x, constant(x.graph, new Float32Array([factor]), [1]));
}

/** x to a constant power */
export function power(x: Value, exponent: number): Value {
  const by = constant(x.graph, new Float32Array([exponent]), [1]);
  return appendOne('Pow', [x, by], { dtype: x.dtype, shape: x.shape });
}

export function cast(x: Value, dtype: Dtype): Value {
  if (x.dtype === dtype) return x;
  return appendOne('Cast', [x], { dtype, shape: x.shape }, { to: ONNX_TYPE[dtype] });
}

/** Numbers of TensorProto.DataType. */
export const ONNX_TYPE: Readonly<Record<Dtype, number>> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
};
