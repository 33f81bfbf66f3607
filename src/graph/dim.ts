/**
 * A dimension is a number, or a name whose size is known at run time. Names add: joining 'past' and 'n' gives
 * 'n+past', so that two ways to the same size compare equal.
 */
export type Dim = number | string;
export type Shape = readonly Dim[];

/** The sum in its one canonical form: names in order, then the number unless it is 0. */
export function addDims(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  const terms = [...String(a).split('+'), ...String(b).split('+')];
  const fixed = terms.filter(isNumber).reduce((sum, term) => sum + Number(term), 0);
  const named = terms.filter((term) => !isNumber(term)).sort();
  return [...named, ...(fixed === 0 ? [] : [String(fixed)])].join('+');
}

const isNumber = (term: string): boolean => /^\d+$/.test(term);

/** Whether the shapes surely hold different counts of elements. Other names than before may stand for any size. */
export function countsDiffer(a: Shape, b: Shape): boolean {
  const names = (shape: Shape) => shape.filter((dim) => typeof dim === 'string').sort();
  const fixed = (shape: Shape) =>
    shape.reduce<number>((product, dim) => (typeof dim === 'number' ? product * dim : product), 1);
  return names(a).join() === names(b).join() && fixed(a) !== fixed(b);
}

/** How many elements the shape holds, by a name of its own where that is known at run time. */
export const countOf = (shape: Shape): Dim =>
  shape.every((dim) => typeof dim === 'number')
    ? shape.reduce<number>((count, dim) => count * (dim as number), 1)
    : `(${shape.join('*')})`;

/** Numpy's broadcasting of two dimensions; undefined where they do not fit. */
function broadcastDim(a: Dim, b: Dim): Dim | undefined {
  if (a === b) return a;
  if (a === 1) return b;
  return b === 1 ? a : undefined;
}

/** Numpy's broadcasting of two shapes; undefined where they do not fit. */
export function broadcastShapes(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const dim = broadcastDim(a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1);
    if (dim === undefined) return undefined;
    shape.push(dim);
  }
  return shape;
}

/** The shape with another size on one axis, counted from 0. */
export function withDim(shape: Shape, axis: number, size: Dim): Shape {
  return shape.map((dim, index) => (index === axis ? size : dim));
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}
