/**
 * A graph computed in double precision by plain TypeScript, one kernel for each operator: what gradients are measured
 * against, since ONNX Runtime has no double kernel for many operators. Slow, and independent of ONNX Runtime.
 */
import { formatShape } from '../../dim.ts';
import type { GraphNode, Value } from '../../graph.ts';
import { type Doubles, doubles } from './doubles.ts';
import { elementwise } from './elementwise.ts';
import { indexing } from './indexing.ts';
import type { Kernel } from './kernel.ts';
import { layout } from './layout.ts';
import { matrix } from './matrix.ts';
import { reductions } from './reduce.ts';

/** By the operator's ONNX name. */
export const KERNELS: Readonly<Record<string, Kernel>> = {
  ...elementwise,
  ...layout,
  ...indexing,
  ...matrix,
  ...reductions,
};

/** Numbers of values: of the inputs and weights before a run, of everything computed after it. */
export type Numbers = ReadonlyMap<Value, Doubles>;

/**
 * The values asked for, from the numbers of the inputs and weights that they need. Every value on the way is checked
 * against the shape that the graph gives it, and one name has one size all over the graph.
 */
export function evaluate(wanted: readonly Value[], given: Numbers): Doubles[] {
  const graph = wanted[0]?.graph;
  if (graph === undefined) return [];
  const known = new Map(given);
  for (const { value, data } of graph.constants) {
    known.set(value, doubles(Array.from(data, Number), value.shape as number[]));
  }
  const sizes = new Map<string, number>();
  for (const [value, numbers] of known) checkShape(value, numbers, sizes);
  for (const node of needed(graph.nodes, wanted)) {
    const results = run(node, known);
    for (const [i, value] of node.outputs.entries()) {
      const result = results[i];
      if (result === undefined) throw new RangeError(`${value.name} was not computed`);
      checkShape(value, result, sizes);
      known.set(value, result);
    }
  }
  return wanted.map((value) => numbersOf(value, known));
}

function run(node: GraphNode, known: Numbers): readonly Doubles[] {
  const kernel = KERNELS[node.op];
  if (kernel === undefined) throw new RangeError(`the reference has no ${node.op}`);
  return kernel(
    node.inputs.map((value) => numbersOf(value, known)),
    node,
  );
}

function numbersOf(value: Value, known: Numbers): Doubles {
  const numbers = known.get(value);
  if (numbers === undefined) throw new RangeError(`${value.name} has no numbers`);
  return numbers;
}

/** The nodes that the values need, in order. */
function needed(nodes: readonly GraphNode[], wanted: readonly Value[]): GraphNode[] {
  const open = new Set(wanted);
  const kept = nodes.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some((value) => open.has(value))) return false;
    for (const value of inputs) open.add(value);
    return true;
  });
  return kept.reverse();
}

function checkShape({ name, shape }: Value, numbers: Doubles, sizes: Map<string, number>): void {
  const fits =
    shape.length === numbers.shape.length &&
    shape.every((dim, axis) => {
      const size = numbers.shape[axis] as number;
      if (typeof dim === 'number') return dim === size;
      if (!sizes.has(dim)) sizes.set(dim, size);
      return sizes.get(dim) === size;
    });
  if (fits) return;
  const named = [...sizes].map(([dim, size]) => `${dim} = ${size}`).join(', ');
  throw new RangeError(
    `${name} ${formatShape(shape)} is ${formatShape(numbers.shape)}, where ${named}`,
  );
}
