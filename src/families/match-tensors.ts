import type { TensorRef, TensorTable } from '../contracts/checkpoint.ts';
import { TensorsError } from '../contracts/errors.ts';

type Shapes = ReadonlyMap<string, readonly number[]>;

/**
 * The required tensors of a table, in the order of `required`.
 * @param optional tensors that may be stored as well, but are not used.
 * @throws TensorsError with every tensor that is missing, unexpected, or of another shape than promised.
 */
export function matchTensors(
  path: string,
  table: TensorTable,
  required: Shapes,
  optional: Shapes = new Map(),
): Map<string, TensorRef> {
  const missing = [...required.keys()].filter((name) => !table.has(name));
  const unexpected = [...table.keys()].filter((n) => !required.has(n) && !optional.has(n));
  const misshapen = [...table].flatMap(([name, { shape }]) => {
    const wanted = required.get(name) ?? optional.get(name) ?? shape;
    return show(wanted) === show(shape) ? [] : [`${name} ${show(shape)} wants ${show(wanted)}`];
  });
  if (missing.length + unexpected.length + misshapen.length > 0) {
    throw new TensorsError(path, { missing, unexpected, misshapen });
  }
  return new Map(
    [...required.keys()].flatMap((name) => {
      const ref = table.get(name);
      return ref === undefined ? [] : [[name, ref] as const];
    }),
  );
}

function show(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
