/**
 * A computation as data: values with a type and a shape, nodes that make values from values, constants held in
 * the graph, and weights that stay where they are, in files or in memory. Operators append nodes; `serialise` writes ONNX.
 */

import {
  type ConvertedTensor,
  isBlockDtype,
  isInMemory,
  type WeightRef,
} from '../contracts/checkpoint.ts';
import { GraphError } from '../contracts/errors.ts';
import { type Dim, formatShape, type Shape } from './dim.ts';
import type { Dtype } from './dtype.ts';

export interface Value {
  readonly graph: Graph;
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: Shape;
}

/** An integer, integers, a text, or a float: what ONNX tells apart and TypeScript does not. */
export type Attribute = number | readonly number[] | string | { readonly float: number };

export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Constant {
  readonly value: Value;
  readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array;
}

/** A tensor, and the value that stands for it. */
export interface Bound {
  readonly value: Value;
  readonly ref: WeightRef | ConvertedTensor;
}

export interface Graph {
  readonly name: string;
  readonly inputs: Value[];
  readonly outputs: { readonly name: string; readonly value: Value }[];
  readonly nodes: GraphNode[];
  readonly constants: Constant[];
  /** All weights, by place, in a file or in memory, and shape. */
  readonly bound: Map<string, Bound>;
  /** What nodes read in place of a weight, by the weight's place. */
  readonly substitutes: Map<string, Value>;
}

export function createGraph(name: string): Graph {
  return {
    name,
    inputs: [],
    outputs: [],
    nodes: [],
    constants: [],
    bound: new Map(),
    substitutes: new Map(),
  };
}

/** Declares an input that every run feeds. */
export function input(graph: Graph, name: string, dtype: Dtype, shape: Shape): Value {
  requireFreeName(graph, name);
  const value = { graph, name, dtype, shape };
  graph.inputs.push(value);
  return value;
}

/** Declares a value as an output, under a name that runs can ask for. */
export function output(name: string, value: Value): void {
  requireFreeName(value.graph, name);
  value.graph.outputs.push({ name, value });
}

/** Inputs and outputs share one space of names; '#' marks the names that the graph gives. */
function requireFreeName({ name: graph, inputs, outputs }: Graph, name: string): void {
  if ([...inputs, ...outputs].some((taken) => taken.name === name)) {
    throw new GraphError(`Graph ${graph} already has an input or output ${name}; rename one.`);
  }
  if (name === '' || name.includes('#')) {
    throw new GraphError(
      `Graph ${graph}: an input or output can't be called "${name}"; rename it.`,
    );
  }
}

export function constant(graph: Graph, data: Constant['data'], shape: readonly number[]): Value {
  const size = elements(shape);
  if (size !== data.length) {
    throw new GraphError(
      `A constant of shape ${formatShape(shape)} needs ${size} numbers, not ${data.length}.`,
    );
  }
  const name = `constant#${graph.constants.length}`;
  const value: Value = { graph, name, dtype: dtypeOf(data), shape };
  graph.constants.push({ value, data });
  return value;
}

function dtypeOf(data: Constant['data']): Dtype {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  return data instanceof Uint8Array ? 'uint8' : 'int64';
}

const STORED_DTYPE = {
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I8: 'int8',
  U8: 'uint8',
} as const;

/**
 * A tensor, bound in place; one in blocks as the bytes of its rows, uint8 [rows, bytes]. The same numbers asked for twice
 * in the same shape are bound once.
 */
export function weight(
  graph: Graph,
  ref: Bound['ref'],
  shape: readonly number[] = ref.shape,
): Value {
  const place = placeOf(ref, shape);
  const substitute = graph.substitutes.get(place);
  if (substitute !== undefined) return substitute;
  const bound = graph.bound.get(place);
  if (bound !== undefined) {
    requireSameNumbers(bound.ref, ref);
    return bound.value;
  }
  if (elements(shape) !== elements(ref.shape)) {
    throw new GraphError(
      `Weight ${ref.name} is ${formatShape(ref.shape)} and can't be read as ${formatShape(shape)}.`,
    );
  }
  const name = `weight#${graph.bound.size}:${ref.name}`;
  const value: Value = isBlockDtype(ref.dtype)
    ? { graph, name, dtype: 'uint8', shape: rowsInBytes(ref) }
    : { graph, name, dtype: STORED_DTYPE[ref.dtype], shape };
  graph.bound.set(place, { value, ref });
  return value;
}

function rowsInBytes(ref: Bound['ref']): [number, number] {
  const { shape } = ref;
  const [rows] = shape;
  if (isInMemory(ref) || shape.length !== 2 || rows === undefined || rows === 0) {
    throw new GraphError(
      `Weight ${ref.name} is ${formatShape(shape)}; only matrices lie in blocks.`,
    );
  }
  return [rows, ref.bytes / rows];
}

const placeOf = (ref: Bound['ref'], shape: readonly number[]): string =>
  [...(isInMemory(ref) ? ['', ref.name] : [ref.path, ref.offset]), shape.join('x')].join('#');

/** In memory a name is the place. */
function requireSameNumbers(bound: Bound['ref'], ref: Bound['ref']): void {
  if (!isInMemory(bound) || !isInMemory(ref) || bound.data === ref.data) return;
  throw new GraphError(`Two tensors in memory are called ${ref.name}; rename one.`);
}

/** Lets nodes that are still to come read another value wherever they ask for a weight. */
export function substitute(graph: Graph, ref: WeightRef, value: Value): void {
  graph.substitutes.set(placeOf(ref, ref.shape), value);
}

/**
 * Makes a bound weight an input, which every run feeds, so that it can change between runs. Nodes that read it stay as
 * they are. The values are returned by the names of their tensors.
 */
export function feedWeights(
  graph: Graph,
  chosen: (ref: Bound['ref']) => boolean,
): ReadonlyMap<string, Value> {
  const fed = new Map<string, Value>();
  for (const [place, { value, ref }] of graph.bound) {
    if (!chosen(ref)) continue;
    if (fed.has(ref.name)) {
      throw new GraphError(`Graph ${graph.name} reads ${ref.name} in two shapes; it can't be fed.`);
    }
    graph.bound.delete(place);
    graph.inputs.push(value);
    fed.set(ref.name, value);
  }
  return fed;
}

const elements = (shape: readonly number[]): number =>
  shape.reduce((product, dim) => product * dim, 1);

/** Appends a node; `outputs` gives type and shape of each value that it makes. */
export function append(
  op: string,
  inputs: readonly Value[],
  outputs: readonly { readonly dtype: Dtype; readonly shape: Shape }[],
  attributes: GraphNode['attributes'] = {},
): Value[] {
  const graph = inputs[0]?.graph;
  if (graph === undefined) throw new GraphError(`${op} needs at least one input.`);
  const stranger = inputs.find((value) => value.graph !== graph);
  if (stranger !== undefined) {
    throw new GraphError(
      `${op} mixes values of the graphs ${graph.name} and ${stranger.graph.name}; build all of them in one.`,
    );
  }
  const id = graph.nodes.length;
  const values = outputs.map(({ dtype, shape }, index) => ({
    graph,
    name: `${op}#${id}.${index}`,
    dtype,
    shape,
  }));
  graph.nodes.push({ op, inputs, outputs: values, attributes });
  return values;
}

/** Appends a node with one output. */
export function appendOne(
  op: string,
  inputs: readonly Value[],
  result: { readonly dtype: Dtype; readonly shape: Shape },
  attributes: GraphNode['attributes'] = {},
): Value {
  return append(op, inputs, [result], attributes)[0] as Value;
}

/** An axis counted from 0, of one that may be negative and then counts from the end. */
export function axisOf(value: Value, axis: number): number {
  const at = axis < 0 ? axis + value.shape.length : axis;
  if (value.shape[at] === undefined) {
    throw new GraphError(`${value.name} ${formatShape(value.shape)} has no axis ${axis}.`);
  }
  return at;
}

/** Size of an axis, negative axes counting from the end. */
export function dimOf(value: Value, axis: number): Dim {
  return value.shape[axisOf(value, axis)] as Dim;
}

/** Size of an axis that must be known when the graph is built. */
export function fixedDim(value: Value, axis: number): number {
  const dim = dimOf(value, axis);
  if (typeof dim !== 'number') {
    throw new GraphError(
      `Axis ${axis} of ${value.name} ${formatShape(value.shape)} must have a fixed size.`,
    );
  }
  return dim;
}

/** The type that all the values have; fails where they differ. */
export function requireSameDtype(op: string, values: readonly Value[]): Dtype {
  const first = values[0] as Value;
  const odd = values.find((value) => value.dtype !== first.dtype);
  if (odd !== undefined) {
    throw new GraphError(
      `${op} can't mix ${first.dtype} (${first.name} ${formatShape(first.shape)}) and ${odd.dtype} (${odd.name} ${formatShape(odd.shape)}); cast one.`,
    );
  }
  return first.dtype;
}
