import type { TensorRef } from '../contracts/checkpoint.ts';
import { GraphError } from '../contracts/errors.ts';
import { type Dim, formatShape, type Shape } from './dim.ts';

/**
 * A computation as data: values with a type and a shape, nodes that make values from values, constants held in
 * the graph, and weights that stay in their files. Operators append nodes; `serialise` writes ONNX.
 */
export type Dtype = 'float32' | 'float16' | 'bfloat16' | 'int64' | 'int32' | 'bool';

export interface Value {
  readonly graph: Graph;
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: Shape;
}

export type Attribute = number | readonly number[] | string | { readonly float: number };

export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Constant {
  readonly value: Value;
  readonly data: Float32Array | Int32Array | BigInt64Array;
}

export interface Weight {
  readonly value: Value;
  readonly ref: TensorRef;
}

export interface Graph {
  readonly name: string;
  readonly inputs: Value[];
  readonly outputs: { readonly name: string; readonly value: Value }[];
  readonly nodes: GraphNode[];
  readonly constants: Constant[];
  readonly weights: Map<string, Weight>;
}

export function createGraph(name: string): Graph {
  return { name, inputs: [], outputs: [], nodes: [], constants: [], weights: new Map() };
}

export function input(graph: Graph, name: string, dtype: Dtype, shape: Shape): Value {
  if (graph.inputs.some((value) => value.name === name)) {
    throw new GraphError(
      `Graph ${graph.name} already has an input ${name}; give each input its own name.`,
    );
  }
  const value = { graph, name, dtype, shape };
  graph.inputs.push(value);
  return value;
}

/** Declares a value as an output, under a name that runs can ask for. */
export function output(name: string, value: Value): void {
  const { graph } = value;
  if (graph.outputs.some((other) => other.name === name)) {
    throw new GraphError(
      `Graph ${graph.name} already has an output ${name}; give each output its own name.`,
    );
  }
  graph.outputs.push({ name, value });
}

export function constant(graph: Graph, data: Constant['data'], shape: readonly number[]): Value {
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (size !== data.length) {
    throw new GraphError(
      `A constant of shape ${formatShape(shape)} needs ${size} numbers, not ${data.length}.`,
    );
  }
  const dtype =
    data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'int64';
  const value: Value = { graph, name: `constant_${graph.constants.length}`, dtype, shape };
  graph.constants.push({ value, data });
  return value;
}

const WEIGHT_DTYPE = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const;

/** A stored tensor, bound in place. The same tensor asked for twice is bound once. */
export function weight(graph: Graph, ref: TensorRef, shape: readonly number[] = ref.shape): Value {
  const name = `weight:${ref.name}:${shape.join('x')}`;
  const bound = graph.weights.get(name);
  if (bound !== undefined) return bound.value;
  const size = (dims: readonly number[]) => dims.reduce((product, dim) => product * dim, 1);
  if (size(shape) !== size(ref.shape)) {
    throw new GraphError(
      `Weight ${ref.name} is ${formatShape(ref.shape)} and can't be read as ${formatShape(shape)}.`,
    );
  }
  const value: Value = { graph, name, dtype: WEIGHT_DTYPE[ref.dtype], shape };
  graph.weights.set(name, { value, ref });
  return value;
}

/** Appends a node; `outputs` gives type and shape of each value that it makes. */
export function append(
  op: string,
  inputs: readonly Value[],
  outputs: readonly { readonly dtype: Dtype; readonly shape: Shape }[],
  attributes: GraphNode['attributes'] = {},
): Value[] {
  const graph = inputs[0]?.graph;
  if (graph === undefined) throw new GraphError(`${op} needs at least one input.`);
  if (inputs.some((value) => value.graph !== graph)) {
    throw new GraphError(`${op} mixes values of different graphs; build all of them in one graph.`);
  }
  const id = graph.nodes.length;
  const values = outputs.map(({ dtype, shape }, index) => ({
    graph,
    name: `${op}_${id}_${index}`,
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

/** Size of an axis, negative axes counting from the end. */
export function dimOf(value: Value, axis: number): Dim {
  const dim = value.shape[axis < 0 ? axis + value.shape.length : axis];
  if (dim === undefined) {
    throw new GraphError(`${value.name} ${formatShape(value.shape)} has no axis ${axis}.`);
  }
  return dim;
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

/** Fails unless the values have the same type. */
export function requireSameDtype(op: string, values: readonly Value[]): Dtype {
  const first = values[0] as Value;
  const odd = values.find((value) => value.dtype !== first.dtype);
  if (odd !== undefined) {
    throw new GraphError(
      `${op} can't mix ${first.dtype} (${first.name}) and ${odd.dtype} (${odd.name}); cast one.`,
    );
  }
  return first.dtype;
}
