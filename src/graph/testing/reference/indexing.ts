import { count, type Doubles, fromStart, stridesOf } from './doubles.ts';
import { at, type Kernel, kernel, number } from './kernel.ts';

/** x [a.., r, ..b], indices [i..] → [a.., i.., ..b] */
const gather = kernel((inputs, node) => {
  const [x, indices] = [at(inputs, 0), at(inputs, 1)];
  const axis = fromStart(number(node, 'axis', 0), x.shape.length);
  const size = x.shape[axis] as number;
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const inner = count(after);
  const shape = [...before, ...indices.shape, ...after];
  const data = new Float64Array(count(shape));
  let to = 0;
  for (let outer = 0; outer < count(before); outer++) {
    for (const index of indices.data) {
      const from = (outer * size + placeOf(index, size)) * inner;
      data.set(x.data.subarray(from, from + inner), to);
      to += inner;
    }
  }
  return { shape, data };
});

/** x with updates added, or set where there is no reduction. */
const scatterElements = kernel((inputs, node) => {
  const [x, indices, updates] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)];
  const reduction = node.attributes.reduction ?? 'none';
  if (reduction !== 'add' && reduction !== 'none') {
    throw new RangeError(`ScatterElements: the reduction ${reduction} is not known`);
  }
  const data = x.data.slice();
  for (const [here, there] of places(x, indices, number(node, 'axis', 0))) {
    const old = reduction === 'add' ? (data[there] as number) : 0;
    data[there] = old + (updates.data[here] as number);
  }
  return { shape: x.shape, data };
});

/** 'off' everywhere but at the index of each row, along a new last axis. */
const oneHot = kernel((inputs) => {
  const indices = at(inputs, 0);
  const size = at(inputs, 1).data[0] as number;
  const [off, on] = Array.from(at(inputs, 2).data) as [number, number];
  const data = new Float64Array(indices.data.length * size).fill(off);
  for (const [row, index] of indices.data.entries()) data[row * size + placeOf(index, size)] = on;
  return { shape: [...indices.shape, size], data };
});

/** For each place of `indices` the place in x whose coordinate on the axis is the index there. */
function* places(x: Doubles, indices: Doubles, asked: number): Generator<[number, number]> {
  const axis = fromStart(asked, x.shape.length);
  if (indices.shape.length !== x.shape.length) {
    throw new RangeError(`indices of ${indices.shape.length} axes for ${x.shape.length}`);
  }
  const [own, there] = [stridesOf(indices.shape), stridesOf(x.shape)];
  for (const [here, index] of indices.data.entries()) {
    let place = placeOf(index, x.shape[axis] as number) * (there[axis] as number);
    for (const [other, size] of indices.shape.entries()) {
      if (other === axis) continue;
      place += (Math.floor(here / (own[other] as number)) % size) * (there[other] as number);
    }
    yield [here, place];
  }
}

function placeOf(index: number, size: number): number {
  const place = fromStart(index, size);
  if (place >= 0 && place < size) return place;
  throw new RangeError(`index ${index} is outside an axis of ${size}`);
}

export const indexing: Readonly<Record<string, Kernel>> = {
  Gather: gather,
  OneHot: oneHot,
  ScatterElements: scatterElements,
};
