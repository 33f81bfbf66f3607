/**
 * A dimension is a number, or a name whose size is known at run time. Names add: joining 'past' and 'n' gives
 * 'n+past', so that two ways to the same size compare equal.
 */
export type Dim = number | string;
export type Shape = readonly Dim[];

export function addDims(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (a === 0) return b;
  if (b === 0) return a;
  const terms = [...String(a).split('+'), ...String(b).split('+')];
  const fixed = terms
    .filter((term) => /^\d+$/.test(term))
    .reduce((sum, term) => sum + Number(term), 0);
  const named = terms.filter((term) => !/^\d+$/.test(term)).sort();
  return [...named, ...(fixed === 0 ? [] : [String(fixed)])].join('+');
}

/** Product of dimensions; undefined where a name and another factor than 1 meet. */
export function multiplyDims(dims: Shape): Dim | undefined {
  const named = dims.filter((dim) => typeof dim === 'string');
  const fixed = dims.reduce<number>(
    (product, dim) => (typeof dim === 'number' ? product * dim : product),
    1,
  );
  if (named.length === 0) return fixed;
  return named.length === 1 && fixed === 1 ? named[0] : undefined;
}

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

export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}
