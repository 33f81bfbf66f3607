import { GraphError } from '../../contracts/errors.ts';
import { countOf, formatShape, withDim } from '../dim.ts';
import { append, appendOne, axisOf, constant, fixedDim, type Value } from '../graph.ts';

/** Mean over the last axis, which stays with size 1: [.., m] → [.., 1] */
export function meanLast(x: Value): Value {
  const last = axisOf(x, -1);
  const axes = constant(x.graph, BigInt64Array.of(-1n), [1]);
  const shape = withDim(x.shape, last, 1);
  return appendOne('ReduceMean', [x, axes], { dtype: x.dtype, shape }, { keepdims: 1 });
}

/**
 * Rows of the last axis over their root mean square, and one over it, where `eps` is added to the mean square: a row of
 * zeros stays zeros. x [.., m] → [.., m], [.., 1]
 */
export function unitRows(x: Value, eps: number): { unit: Value; perSize: Value } {
  const width = fixedDim(x, -1);
  const gain = constant(x.graph, new Float32Array(width).fill(1), [width]);
  const sizes = withDim(x.shape, axisOf(x, -1), 1);
  const [unit, perSize] = append(
    'SimplifiedLayerNormalization',
    [x, gain],
    [
      { dtype: x.dtype, shape: x.shape },
      { dtype: x.dtype, shape: sizes },
    ],
    { axis: -1, epsilon: { float: eps } },
  );
  return { unit: unit as Value, perSize: perSize as Value };
}

/** The largest over the last axis, which stays with size 1: [.., m] → [.., 1] */
export function maxLast(x: Value): Value {
  const last = axisOf(x, -1);
  const axes = constant(x.graph, BigInt64Array.of(-1n), [1]);
  const shape = withDim(x.shape, last, 1);
  return appendOne('ReduceMax', [x, axes], { dtype: x.dtype, shape }, { keepdims: 1 });
}

/** The largest along an axis, which goes. ONNX Runtime takes it row by row, so that it is exact in any order. */
export const maxAlong = (x: Value, axis: number): Value => along('ReduceMax', x, axis);
/** Sum along an axis, which goes. Along the first axis ONNX Runtime adds in order. */
export const sumAlong = (x: Value, axis: number): Value => along('ReduceSum', x, axis);

function along(op: string, x: Value, axis: number): Value {
  const at = axisOf(x, axis);
  const axes = constant(x.graph, BigInt64Array.of(BigInt(at)), [1]);
  const shape = x.shape.filter((_, index) => index !== at);
  return appendOne(op, [x, axes], { dtype: x.dtype, shape }, { keepdims: 0 });
}

/** Sum over axes, which stay with size 1. */
export function sumOver(x: Value, axes: readonly number[]): Value {
  const at = axes.map((axis) => axisOf(x, axis));
  const shape = x.shape.map((dim, axis) => (at.includes(axis) ? 1 : dim));
  const over = constant(x.graph, BigInt64Array.from(at, BigInt), [at.length]);
  return appendOne('ReduceSum', [x, over], { dtype: x.dtype, shape }, { keepdims: 1 });
}

/** Sum of all numbers: [..] → [1] */
export function sumAll(x: Value): Value {
  const flat = constant(x.graph, BigInt64Array.of(-1n), [1]);
  const line = appendOne('Reshape', [x, flat], { dtype: x.dtype, shape: [countOf(x.shape)] });
  return sumOver(line, [0]);
}

/** Softmax over the last axis. */
export const softmax = (x: Value): Value => overLast('Softmax', x);
/** Log-softmax over the last axis. */
export const logSoftmax = (x: Value): Value => overLast('LogSoftmax', x);

function overLast(op: string, x: Value): Value {
  return appendOne(op, [x], { dtype: x.dtype, shape: x.shape }, { axis: axisOf(x, -1) });
}

/** Index of the largest number along the last axis, the lowest on ties. x [.., m] → int64 [..] */
export function argmaxLast(x: Value): Value {
  const axis = axisOf(x, -1);
  const shape = x.shape.slice(0, -1);
  return appendOne('ArgMax', [x], { dtype: 'int64', shape }, { axis, keepdims: 0 });
}

/**
 * The k largest along the last axis, best first, the lowest index first on ties. `name` is the size's name.
 * x [.., m], k int64 [1] → values and int64 indices [.., name]
 */
export function topk(x: Value, k: Value, name: string): { values: Value; indices: Value } {
  if (k.dtype !== 'int64' || k.shape.length !== 1 || k.shape[0] !== 1) {
    throw new GraphError(
      `TopK of ${formatShape(x.shape)}: k must be int64 [1], not ${k.dtype} ${formatShape(k.shape)}.`,
    );
  }
  const axis = axisOf(x, -1);
  const shape = withDim(x.shape, axis, name);
  const [values, indices] = append(
    'TopK',
    [x, k],
    [
      { dtype: x.dtype, shape },
      { dtype: 'int64', shape },
    ],
    { axis },
  );
  return { values: values as Value, indices: indices as Value };
}
