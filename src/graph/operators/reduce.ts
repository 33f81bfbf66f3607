import { GraphError } from '../../contracts/errors.ts';
import { formatShape } from '../dim.ts';
import { append, appendOne, constant, type Value } from '../graph.ts';

/** Mean over the last axis, which stays with size 1. */
export function meanLast(x: Value): Value {
  const axes = constant(x.graph, BigInt64Array.from([-1n]), [1]);
  const shape = [...x.shape.slice(0, -1), 1];
  return appendOne('ReduceMean', [x, axes], { dtype: x.dtype, shape }, { keepdims: 1 });
}

/** Softmax over the last axis. */
export function softmax(x: Value): Value {
  return appendOne('Softmax', [x], { dtype: x.dtype, shape: x.shape }, { axis: -1 });
}

/** Log-softmax over the last axis. */
export function logSoftmax(x: Value): Value {
  return appendOne('LogSoftmax', [x], { dtype: x.dtype, shape: x.shape }, { axis: -1 });
}

/** Index of the largest number along the last axis, the lowest on ties. x [.., m] → int64 [..] */
export function argmaxLast(x: Value): Value {
  const shape = x.shape.slice(0, -1);
  return appendOne('ArgMax', [x], { dtype: 'int64', shape }, { axis: -1, keepdims: 0 });
}

/** The k largest along the last axis, best first. x [.., m], k int64 [1] → values and int64 indices [.., k] */
export function topk(x: Value, k: Value, name: string): { values: Value; indices: Value } {
  if (k.dtype !== 'int64' || k.shape.length !== 1) {
    throw new GraphError(`TopK: k must be int64 [1], not ${k.dtype} ${formatShape(k.shape)}.`);
  }
  const shape = [...x.shape.slice(0, -1), name];
  const outputs = [
    { dtype: x.dtype, shape },
    { dtype: 'int64' as const, shape },
  ];
  const [values, indices] = append('TopK', [x, k], outputs, { axis: -1 });
  return { values: values as Value, indices: indices as Value };
}
