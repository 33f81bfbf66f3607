import { GraphError } from '../../contracts/errors.ts';
import { addDims, countsDiffer, type Dim, formatShape, type Shape, withDim } from '../dim.ts';
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

/** At most one dimension of `shape` may be a name; at run time it takes what the fixed ones leave. */
export function reshape(x: Value, shape: Shape): Value {
  const names = shape.filter((dim) => typeof dim === 'string');
  const sizes = shape.filter((dim) => typeof dim === 'number');
  const whole = sizes.every((size) => Number.isInteger(size) && size > 0);
  if (names.length > 1 || !whole || countsDiffer(x.shape, shape)) {
    throw new GraphError(`Reshape: ${formatShape(x.shape)} can't become ${formatShape(shape)}.`);
  }
  const target = int64(
    x,
    shape.map((dim) => (typeof dim === 'string' ? -1 : dim)),
  );
  return appendOne('Reshape', [x, target], { dtype: x.dtype, shape });
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

/** Sizes of the two parts of an axis, known at run time. */
export interface PartSizes {
  readonly dims: readonly [Dim, Dim];
  readonly sizes: Value; // int64 [2]
}

/** The sizes of an axis of a and of an axis of b, as parts of an axis that joins them. */
export function sizesOf(a: Value, axisOfA: number, b: Value, axisOfB: number): PartSizes {
  const size = (x: Value, axis: number) => {
    const start = axisOf(x, axis);
    return appendOne('Shape', [x], { dtype: 'int64', shape: [1] }, { start, end: start + 1 });
  };
  const sizes = concat([size(a, axisOfA), size(b, axisOfB)], 0);
  return { dims: [dimOf(a, axisOfA), dimOf(b, axisOfB)], sizes };
}

/** Cuts an axis in two at run time: x [.., a+b, ..] → [.., a, ..] and [.., b, ..]. */
export function splitAt(x: Value, { dims, sizes }: PartSizes, axis: number): [Value, Value] {
  const at = axisOf(x, axis);
  if (dimOf(x, at) !== addDims(...dims)) throw misfit(x, dims, axis);
  return cut(x, sizes, dims, at) as [Value, Value];
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

function int64({ graph }: Value, values: readonly number[]): Value {
  return constant(graph, BigInt64Array.from(values, BigInt), [values.length]);
}
