import { GraphError } from '../../contracts/errors.ts';
import { addDims, type Dim, formatShape, multiplyDims, type Shape } from '../dim.ts';
import {
  append,
  appendOne,
  constant,
  dimOf,
  fixedDim,
  requireSameDtype,
  type Value,
} from '../graph.ts';

const int64 = (x: Value, values: readonly number[]): Value =>
  constant(x.graph, BigInt64Array.from(values, BigInt), [values.length]);

/** At most one dimension of `shape` may be a name; it takes what the fixed ones leave. */
export function reshape(x: Value, shape: Shape): Value {
  const named = shape.filter((dim) => typeof dim === 'string').length;
  const sizes = [multiplyDims(x.shape), multiplyDims(shape)];
  const differ =
    typeof sizes[0] === 'number' && typeof sizes[1] === 'number' && sizes[0] !== sizes[1];
  if (named > 1 || differ || fixedPartsClash(x.shape, shape)) {
    throw new GraphError(`Reshape: ${formatShape(x.shape)} can't become ${formatShape(shape)}.`);
  }
  const target = int64(
    x,
    shape.map((dim) => (typeof dim === 'string' ? -1 : dim)),
  );
  return appendOne('Reshape', [x, target], { dtype: x.dtype, shape });
}

/** With the same single name on both sides, the fixed parts must multiply to the same number. */
function fixedPartsClash(from: Shape, to: Shape): boolean {
  const names = (shape: Shape) => shape.filter((dim) => typeof dim === 'string');
  const fixed = (shape: Shape) => multiplyDims(shape.filter((dim) => typeof dim === 'number'));
  const [a, b] = [names(from), names(to)];
  return a.length === 1 && b.length === 1 && a[0] === b[0] && fixed(from) !== fixed(to);
}

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

export function concat(values: readonly Value[], axis: number): Value {
  const first = values[0];
  if (first === undefined) throw new GraphError('Concat needs at least one value.');
  if (values.length === 1) return first;
  const dtype = requireSameDtype('Concat', values);
  const at = axis < 0 ? axis + first.shape.length : axis;
  for (const value of values) {
    const fits =
      value.shape.length === first.shape.length &&
      value.shape.every((dim, index) => index === at || dim === first.shape[index]);
    if (!fits) {
      throw new GraphError(
        `Concat on axis ${axis}: ${formatShape(first.shape)} and ${formatShape(value.shape)} differ elsewhere.`,
      );
    }
  }
  const joined = values.map((value) => dimOf(value, at)).reduce(addDims);
  const shape = first.shape.map((dim, index) => (index === at ? joined : dim));
  return appendOne('Concat', values, { dtype, shape }, { axis: at });
}

/** Cuts an axis into parts of the given sizes. */
export function split(x: Value, sizes: readonly number[], axis: number): Value[] {
  const at = axis < 0 ? axis + x.shape.length : axis;
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (fixedDim(x, at) !== total) {
    throw new GraphError(
      `Split: parts ${sizes.join(' + ')} do not fill axis ${axis} of ${formatShape(x.shape)}.`,
    );
  }
  const parts = sizes.map((size) => ({
    dtype: x.dtype,
    shape: x.shape.map((dim, index) => (index === at ? size : dim)),
  }));
  return append('Split', [x, int64(x, sizes)], parts, { axis: at });
}

/**
 * Cuts an axis in two at run time: x [.., a+b, ..] with sizes int64 [2] → [.., a, ..] and [.., b, ..].
 * `sizes` comes from `sizesOf`, which also tells the names of both parts.
 */
export function splitAt(x: Value, parts: PartSizes, axis: number): [Value, Value] {
  const at = axis < 0 ? axis + x.shape.length : axis;
  const [a, b] = parts.dims;
  if (dimOf(x, at) !== addDims(a, b)) {
    throw new GraphError(
      `Split: ${a} and ${b} do not fill axis ${axis} of ${formatShape(x.shape)}.`,
    );
  }
  const outputs = parts.dims.map((size) => ({
    dtype: x.dtype,
    shape: x.shape.map((dim, index) => (index === at ? size : dim)),
  }));
  const [first, second] = append('Split', [x, parts.sizes], outputs, { axis: at });
  return [first as Value, second as Value];
}

/** Sizes of two axes, known at run time. */
export interface PartSizes {
  readonly dims: readonly [Dim, Dim];
  readonly sizes: Value; // int64 [2]
}

export function sizesOf(a: Value, axisOfA: number, b: Value, axisOfB: number): PartSizes {
  const size = (x: Value, axis: number) => {
    const at = axis < 0 ? axis + x.shape.length : axis;
    return appendOne('Shape', [x], { dtype: 'int64', shape: [1] }, { start: at, end: at + 1 });
  };
  const sizes = concat([size(a, axisOfA), size(b, axisOfB)], 0);
  return { dims: [dimOf(a, axisOfA), dimOf(b, axisOfB)], sizes };
}

/** Entries `start` to `end` of an axis of fixed size. */
export function slice(x: Value, axis: number, start: number, end: number): Value {
  const at = axis < 0 ? axis + x.shape.length : axis;
  const size = fixedDim(x, at);
  if (start < 0 || end > size || start >= end) {
    throw new GraphError(
      `Slice ${start}:${end} is outside axis ${axis} of ${formatShape(x.shape)}.`,
    );
  }
  const shape = x.shape.map((dim, index) => (index === at ? end - start : dim));
  const inputs = [x, int64(x, [start]), int64(x, [end]), int64(x, [at])];
  return appendOne('Slice', inputs, { dtype: x.dtype, shape });
}

/** Rows of `table` along its first axis. */
export function gather(table: Value, indices: Value): Value {
  if (indices.dtype !== 'int32' && indices.dtype !== 'int64') {
    throw new GraphError(`Gather: indices must be integers, not ${indices.dtype}.`);
  }
  const shape: Dim[] = [...indices.shape, ...table.shape.slice(1)];
  return appendOne('Gather', [table, indices], { dtype: table.dtype, shape }, { axis: 0 });
}
