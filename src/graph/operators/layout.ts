import { GraphError } from '../../contracts/errors.ts';
import {
  addDims,
  broadcastShapes,
  countsDiffer,
  type Dim,
  formatShape,
  type Shape,
  withDim,
} from '../dim.ts';
import {
  append,
  appendOne,
  axisOf,
  constant,
  dimOf,
  fixedDim,
  requireSameDtype,
  type Value,
} from '../graph.ts';
import { cast, scalar } from './elementwise.ts';

/**
 * Names that x has on the same axis keep their size. At most one other dimension of `shape` may be a name; at run
 * time it takes what the others leave.
 */
export function reshape(x: Value, shape: Shape): Value {
  const names = shape.filter((dim) => typeof dim === 'string');
  const kept = (dim: Dim, axis: number) => names.length > 1 && dim === x.shape[axis];
  const free = shape.filter((dim, axis) => typeof dim === 'string' && !kept(dim, axis));
  const sizes = shape.filter((dim) => typeof dim === 'number');
  const whole = sizes.every((size) => Number.isInteger(size) && size > 0);
  if (free.length > 1 || !whole || countsDiffer(x.shape, shape)) {
    throw new GraphError(`Reshape: ${formatShape(x.shape)} can't become ${formatShape(shape)}.`);
  }
  const size = (dim: Dim, axis: number) =>
    typeof dim === 'number' ? dim : kept(dim, axis) ? 0 : -1;
  return appendOne('Reshape', [x, int64(x, shape.map(size))], { dtype: x.dtype, shape });
}

/** Reshapes to sizes that are known at run time: sizes int64 [rank] */
export function reshapeTo(x: Value, sizes: Value, shape: Shape): Value {
  if (sizes.dtype !== 'int64' || sizes.shape.length !== 1 || sizes.shape[0] !== shape.length) {
    throw new GraphError(
      `Reshape of ${formatShape(x.shape)} to ${formatShape(shape)}: sizes must be int64 [${shape.length}], not ${sizes.dtype} ${formatShape(sizes.shape)}.`,
    );
  }
  if (countsDiffer(x.shape, shape)) {
    throw new GraphError(`Reshape: ${formatShape(x.shape)} can't become ${formatShape(shape)}.`);
  }
  return appendOne('Reshape', [x, sizes], { dtype: x.dtype, shape });
}

/** Sizes of all axes of x, known at run time: int64 [rank] */
export function shapeOf(x: Value): Value {
  return appendOne('Shape', [x], { dtype: 'int64', shape: [x.shape.length] });
}

/** x repeated along axes of size 1, and new leading ones, to the shape of `like`. */
export function expandLike(x: Value, like: Value): Value {
  if (formatShape(x.shape) === formatShape(like.shape)) return x;
  const shape = broadcastShapes(x.shape, like.shape);
  if (shape === undefined || formatShape(shape) !== formatShape(like.shape)) {
    throw new GraphError(
      `Expand: ${formatShape(x.shape)} does not fill ${formatShape(like.shape)}.`,
    );
  }
  return appendOne('Expand', [x, shapeOf(like)], { dtype: x.dtype, shape });
}

/** Zeros in type float32 and shape of x. */
export function zerosLike(x: Value): Value {
  return appendOne('ConstantOfShape', [shapeOf(x)], { dtype: 'float32', shape: x.shape });
}

/** Zeros around an axis of fixed size, until x stands at `start` of `size`. */
export function padAxis(x: Value, axis: number, start: number, size: number): Value {
  const at = axisOf(x, axis);
  const pads = int64(x, [start, size - start - fixedDim(x, at)]);
  const zero = constant(x.graph, Float32Array.of(0), []);
  const inputs = [x, pads, zero, int64(x, [at])];
  return appendOne('Pad', inputs, { dtype: x.dtype, shape: withDim(x.shape, at, size) });
}

/** A number written behind the last axis, `count` times: [.., m] → [.., m + count] */
export function padLast(x: Value, count: number, number: number): Value {
  const last = axisOf(x, -1);
  const inputs = [x, int64(x, [0, count]), scalar(x, number), int64(x, [last])];
  const size = addDims(dimOf(x, last), count);
  return appendOne('Pad', inputs, { dtype: x.dtype, shape: withDim(x.shape, last, size) });
}

/**
 * Zeros in the shape of `table` to which rows [n, ..] are added at their indices int [n]. Element by element, as
 * ONNX Runtime adds whole rows (ScatterND) in several threads at once and loses some of those that meet.
 */
export function scatterRows(rows: Value, indices: Value, table: Value): Value {
  const column = [...indices.shape, ...table.shape.slice(1).map(() => 1)];
  const places = expandLike(reshape(indices, column), rows);
  const inputs = [zerosLike(table), places, rows];
  const result = { dtype: rows.dtype, shape: table.shape };
  return appendOne('ScatterElements', inputs, result, { axis: 0, reduction: 'add' });
}

/** Numbers put at their places along the last axis of zeros in the shape of `like`; indices int64, as values. */
export function scatterLast(values: Value, indices: Value, like: Value): Value {
  const inputs = [zerosLike(like), indices, values];
  return appendOne(
    'ScatterElements',
    inputs,
    { dtype: values.dtype, shape: like.shape },
    { axis: -1 },
  );
}

/** Axis i of the result is axis order[i] of x. */
export function transpose(x: Value, order: readonly number[]): Value {
  const sorted = [...order].sort((a, b) => a - b);
  if (order.length !== x.shape.length || sorted.some((axis, index) => axis !== index)) {
    throw new GraphError(
      `Transpose: order [${order.join(', ')}] does not fit ${formatShape(x.shape)}.`,
    );
  }
  const shape = order.map((axis) => dimOf(x, axis));
  return appendOne('Transpose', [x], { dtype: x.dtype, shape }, { perm: order });
}

/** Joins values along an axis; their other axes agree. */
export function concat(values: readonly Value[], axis: number): Value {
  const first = values[0];
  if (first === undefined) throw new GraphError('Concat needs at least one value.');
  const at = axisOf(first, axis);
  if (values.length === 1) return first;
  const dtype = requireSameDtype('Concat', values);
  for (const { shape } of values) {
    const fits =
      shape.length === first.shape.length &&
      shape.every((dim, index) => index === at || dim === first.shape[index]);
    if (!fits) {
      throw new GraphError(
        `Concat on axis ${axis}: ${formatShape(first.shape)} and ${formatShape(shape)} differ elsewhere.`,
      );
    }
  }
  const joined = values.map((value) => dimOf(value, at)).reduce(addDims);
  return appendOne(
    'Concat',
    values,
    { dtype, shape: withDim(first.shape, at, joined) },
    { axis: at },
  );
}

/** Cuts an axis of fixed size into parts of the given sizes. */
export function split(x: Value, sizes: readonly number[], axis: number): Value[] {
  const at = axisOf(x, axis);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (fixedDim(x, at) !== total) throw misfit(x, sizes, axis);
  return cut(x, int64(x, sizes), sizes, at);
}

/** Cuts an axis of x as it was joined from the values, whose sizes may be known at run time only. */
export function splitLike(x: Value, values: readonly Value[], axis: number): Value[] {
  const at = axisOf(x, axis);
  const dims = values.map((value) => dimOf(value, axis));
  const fixed = dims.filter((dim) => typeof dim === 'number');
  if (fixed.length === dims.length) return split(x, fixed, axis);
  if (dimOf(x, at) !== dims.reduce(addDims)) throw misfit(x, dims, axis);
  const sizes = concat(
    values.map((value) => sizeOf(value, axis)),
    0,
  );
  return cut(x, sizes, dims, at);
}

function sizeOf(x: Value, axis: number): Value {
  const start = axisOf(x, axis);
  return appendOne('Shape', [x], { dtype: 'int64', shape: [1] }, { start, end: start + 1 });
}

function misfit(x: Value, parts: Shape, axis: number): GraphError {
  return new GraphError(
    `Split: parts ${formatShape(parts)} do not fill axis ${axis} of ${formatShape(x.shape)}.`,
  );
}

function cut(x: Value, sizes: Value, parts: Shape, axis: number): Value[] {
  const outputs = parts.map((size) => ({ dtype: x.dtype, shape: withDim(x.shape, axis, size) }));
  return append('Split', [x, sizes], outputs, { axis });
}

/** Entries `start` to `end` of an axis of fixed size, `end` left out. */
export function slice(x: Value, axis: number, start: number, end: number): Value {
  const at = axisOf(x, axis);
  if (start < 0 || end > fixedDim(x, at) || start >= end) {
    throw new GraphError(
      `Slice ${start}:${end} is outside axis ${axis} of ${formatShape(x.shape)}.`,
    );
  }
  const inputs = [x, int64(x, [start]), int64(x, [end]), int64(x, [at])];
  return appendOne('Slice', inputs, { dtype: x.dtype, shape: withDim(x.shape, at, end - start) });
}

/** Rows of `table` along its first axis: table [r, ..], indices [n, ..] of integers → [n, .., ..] */
export function gather(table: Value, indices: Value): Value {
  const shapes = `${formatShape(table.shape)} by ${formatShape(indices.shape)}`;
  if (table.shape.length === 0) {
    throw new GraphError(`Gather ${shapes}: a single number has no rows.`);
  }
  if (indices.dtype !== 'int32' && indices.dtype !== 'int64') {
    throw new GraphError(`Gather ${shapes}: indices must be integers, not ${indices.dtype}.`);
  }
  const shape = [...indices.shape, ...table.shape.slice(1)];
  return appendOne('Gather', [table, indices], { dtype: table.dtype, shape }, { axis: 0 });
}

/** 1 at the place of each index, 0 elsewhere: indices int [n] → float32 [n, size] */
export function oneHot(indices: Value, size: number): Value {
  const { graph, shape } = indices;
  const depth = constant(graph, BigInt64Array.of(BigInt(size)), [1]);
  const offOn = constant(graph, Float32Array.of(0, 1), [2]);
  const result = { dtype: 'float32', shape: [...shape, size] } as const;
  return appendOne('OneHot', [cast(indices, 'int64'), depth, offOn], result, { axis: -1 });
}

function int64({ graph }: Value, values: readonly number[]): Value {
  return constant(graph, BigInt64Array.from(values, BigInt), [values.length]);
}
