import { formatShape } from '../../dim.ts';

/** A dense tensor in double precision. Integers and truths (0 and 1) are held as doubles too. */
export interface Doubles {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export function doubles(data: ArrayLike<number>, shape: readonly number[]): Doubles {
  if (count(shape) !== data.length) {
    throw new RangeError(`${formatShape(shape)} holds ${count(shape)} numbers, not ${data.length}`);
  }
  return { shape, data: data instanceof Float64Array ? data : Float64Array.from(data) };
}

export const count = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

/** Steps between neighbours of each axis in a dense tensor. */
export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => count(shape.slice(axis + 1)));
}

/** The numbers of x at start + Σ index[axis] · strides[axis], for every index of `shape`. */
export function view(
  x: Doubles,
  shape: readonly number[],
  strides: readonly number[],
  start = 0,
): Doubles {
  const data = new Float64Array(count(shape));
  const index = shape.map(() => 0);
  let from = start;
  for (let to = 0; to < data.length; to++) {
    data[to] = x.data[from] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [size, stride] = [shape[axis] as number, strides[axis] as number];
      index[axis] = (index[axis] as number) + 1;
      from += stride;
      if ((index[axis] as number) < size) break;
      from -= stride * size;
      index[axis] = 0;
    }
  }
  return { shape, data };
}

/** The shape that numpy's broadcasting gives. */
export function jointShape(...shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    const size = sizes.find((candidate) => candidate !== 1) ?? 1;
    if (sizes.some((other) => other !== 1 && other !== size)) {
      throw new RangeError(`${shapes.map(formatShape).join(' and ')} do not broadcast`);
    }
    return size;
  });
}

/** x repeated along its axes of size 1, and along new axes before them. */
export function broadcast(x: Doubles, shape: readonly number[]): Doubles {
  if (jointShape(x.shape, shape).join() !== shape.join()) {
    throw new RangeError(`${formatShape(x.shape)} does not broadcast to ${formatShape(shape)}`);
  }
  const lead = shape.length - x.shape.length;
  const own = stridesOf(x.shape);
  const strides = shape.map((_, axis) =>
    (x.shape[axis - lead] ?? 1) === 1 ? 0 : (own[axis - lead] as number),
  );
  return view(x, shape, strides);
}

/** Places from 0, of ones that may be negative and then count from the end. */
export const fromStart = (place: number, size: number): number =>
  place < 0 ? place + size : place;
