import type { TensorRef, TensorTable } from '../contracts/checkpoint.ts';
import { TensorsError } from '../contracts/errors.ts';
import { matchTensors } from './match-tensors.ts';

export type Shapes = readonly (readonly [name: string, shape: readonly number[]])[];

/** The tensors that a model's files hold, by their published names. */
export interface TensorLayout {
  /** What the model needs; a tied head is not asked for. */
  readonly required: Shapes;
  /** What may be stored as well and is not used. */
  readonly unused: Shapes;
  /** The name of a head that is the embedding table, where it is: it may be stored among what is not used. */
  readonly tiedHead?: string;
  /** Other styles of names: what one begins with, and what stands there in published files. */
  readonly styles: readonly (readonly [other: string, published: string])[];
}

/**
 * The tensors that a model uses, under their published names whichever style the file has.
 * @throws TensorsError with every missing, unexpected or misshapen tensor
 */
export function selectTensors(
  path: string,
  table: TensorTable,
  { required, unused, styles }: TensorLayout,
): Map<string, TensorRef> {
  const named = publishedNames(path, table, styles);
  return matchTensors(path, named, new Map(required), new Map(unused));
}

function publishedNames(
  path: string,
  table: TensorTable,
  styles: TensorLayout['styles'],
): TensorTable {
  const renamed = new Map<string, TensorRef>();
  const twice: string[] = [];
  for (const [name, ref] of table) {
    const rule = styles.find(([other]) => name.startsWith(other));
    const published = rule === undefined ? name : rule[1] + name.slice(rule[0].length);
    if (renamed.has(published)) twice.push(name);
    renamed.set(published, ref);
  }
  if (twice.length === 0) return renamed;
  throw new TensorsError(path, { missing: [], unexpected: twice, misshapen: [] });
}

/** Gain and bias of a norm of width h. */
export function normShapes(name: string, h: number): Shapes {
  return [
    [`${name}.weight`, [h]],
    [`${name}.bias`, [h]],
  ];
}

/** A matrix with its bias. */
export function linearShapes(name: string, out: number, into: number): Shapes {
  return [
    [`${name}.weight`, [out, into]],
    [`${name}.bias`, [out]],
  ];
}
