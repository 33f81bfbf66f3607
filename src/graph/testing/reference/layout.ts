import {
  broadcast,
  count,
  type Doubles,
  doubles,
  fromStart,
  jointShape,
  stridesOf,
  view,
} from './doubles.ts';
import { at, type Kernel, kernel, list, number } from './kernel.ts';

const ints = (x: Doubles): number[] => Array.from(x.data);

/** 0 keeps the size of x, -1 takes what the others leave. */
const reshape = kernel((inputs) => {
  const x = at(inputs, 0);
  const asked = ints(at(inputs, 1)).map((size, axis) => (size === 0 ? (x.shape[axis] ?? 0) : size));
  const rest = x.data.length / count(asked.filter((size) => size !== -1));
  return doubles(
    x.data,
    asked.map((size) => (size === -1 ? rest : size)),
  );
});

const transpose = kernel((inputs, node) => {
  const x = at(inputs, 0);
  const [order, strides] = [list(node, 'perm'), stridesOf(x.shape)];
  return view(
    x,
    order.map((axis) => x.shape[axis] as number),
    order.map((axis) => strides[axis] as number),
  );
});

const concat = kernel((inputs, node) => {
  const first = at(inputs, 0).shape;
  const axis = fromStart(number(node, 'axis', 0), first.length);
  const sizes = inputs.map((x) => x.shape[axis] as number);
  const shape = first.with(
    axis,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  const [outer, inner] = [count(first.slice(0, axis)), count(first.slice(axis + 1))];
  const data = new Float64Array(count(shape));
  let to = 0;
  for (let row = 0; row < outer; row++) {
    for (const [part, x] of inputs.entries()) {
      const length = (sizes[part] as number) * inner;
      data.set(x.data.subarray(row * length, (row + 1) * length), to);
      to += length;
    }
  }
  return { shape, data };
});

const split: Kernel = (inputs, node) => {
  const x = at(inputs, 0);
  const axis = fromStart(number(node, 'axis', 0), x.shape.length);
  const strides = stridesOf(x.shape);
  let start = 0;
  return ints(at(inputs, 1)).map((size) => {
    const part = view(x, x.shape.with(axis, size), strides, start * (strides[axis] as number));
    start += size;
    return part;
  });
};

/** Steps forward only. */
const slice = kernel(([x, starts, ends, axes, steps]) => {
  if (x === undefined || starts === undefined || ends === undefined) {
    throw new RangeError('Slice needs data, starts and ends');
  }
  const strides = stridesOf(x.shape);
  const [shape, jumps] = [[...x.shape], [...strides]];
  let first = 0;
  for (const [i, start] of ints(starts).entries()) {
    const axis = fromStart(axes?.data[i] ?? i, x.shape.length);
    const step = steps?.data[i] ?? 1;
    const size = x.shape[axis] as number;
    const clamp = (place: number) => Math.min(Math.max(fromStart(place, size), 0), size);
    const [from, to] = [clamp(start), clamp(ends.data[i] as number)];
    if (step < 1) throw new RangeError(`Slice by steps of ${step} is not known`);
    shape[axis] = Math.max(0, Math.ceil((to - from) / step));
    jumps[axis] = (strides[axis] as number) * step;
    first += from * (strides[axis] as number);
  }
  return view(x, shape, jumps, first);
});

const shapeOf = kernel((inputs, node) => {
  const { shape } = at(inputs, 0);
  const part = shape.slice(number(node, 'start', 0), number(node, 'end', shape.length));
  return doubles(part, [part.length]);
});

const expand = kernel((inputs) => {
  const x = at(inputs, 0);
  return broadcast(x, jointShape(x.shape, ints(at(inputs, 1))));
});

/** By a constant, in front of and behind the axes given. */
const pad = kernel((inputs) => {
  const x = at(inputs, 0);
  const [pads, filler] = [ints(at(inputs, 1)), inputs[2]?.data[0] ?? 0];
  const axes = inputs[3] === undefined ? [...x.shape.keys()] : ints(inputs[3]);
  const before = x.shape.map(() => 0);
  const shape = [...x.shape];
  for (const [i, asked] of axes.entries()) {
    const axis = fromStart(asked, shape.length);
    before[axis] = pads[i] as number;
    shape[axis] = (shape[axis] as number) + (pads[i] as number) + (pads[i + axes.length] as number);
  }
  const [from, to] = [stridesOf(x.shape), stridesOf(shape)];
  const data = new Float64Array(count(shape)).fill(filler);
  for (const [place, value] of x.data.entries()) {
    let there = 0;
    for (const [axis, size] of x.shape.entries()) {
      const index = Math.floor(place / (from[axis] as number)) % size;
      there += (index + (before[axis] as number)) * (to[axis] as number);
    }
    data[there] = value;
  }
  return { shape, data };
});

const constantOfShape = kernel((inputs, { attributes }) => {
  if (attributes.value !== undefined) throw new RangeError('ConstantOfShape knows zeros only');
  const shape = ints(at(inputs, 0));
  return { shape, data: new Float64Array(count(shape)) };
});

export const layout: Readonly<Record<string, Kernel>> = {
  Concat: concat,
  ConstantOfShape: constantOfShape,
  Expand: expand,
  Pad: pad,
  Reshape: reshape,
  Shape: shapeOf,
  Slice: slice,
  Split: split,
  Transpose: transpose,
};
