import type { Attribute, GraphNode } from '../../graph.ts';
import type { Doubles } from './doubles.ts';

/** An operator in double precision. */
export type Kernel = (inputs: readonly Doubles[], node: GraphNode) => readonly Doubles[];

/** An operator with one output. */
export const kernel =
  (of: (inputs: readonly Doubles[], node: GraphNode) => Doubles): Kernel =>
  (inputs, node) => [of(inputs, node)];

/** An input that must be there. */
export function at(inputs: readonly Doubles[], index: number): Doubles {
  const x = inputs[index];
  if (x === undefined) throw new RangeError(`input ${index} is missing`);
  return x;
}

/** An attribute that is one number. */
export function number({ op, attributes }: GraphNode, name: string, otherwise: number): number {
  const value: Attribute = attributes[name] ?? otherwise;
  if (typeof value === 'number') return value;
  if (typeof value === 'object' && 'float' in value) return value.float;
  throw new TypeError(`${op}: ${name} is not a number`);
}

/** An attribute that is a list of integers. */
export function list({ op, attributes }: GraphNode, name: string): readonly number[] {
  const value = attributes[name];
  if (Array.isArray(value)) return value;
  throw new TypeError(`${op}: ${name} is not a list`);
}
