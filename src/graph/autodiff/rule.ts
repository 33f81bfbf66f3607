import { GraphError } from '../../contracts/errors.ts';
import type { GraphNode, Value } from '../graph.ts';

/**
 * Gradients of a node's inputs, from those of its outputs (undefined where nothing flows back). `wants` tells which
 * inputs need one. A gradient has the shape of what it is of.
 */
export type Rule = (
  node: GraphNode,
  gradients: readonly (Value | undefined)[],
  wants: (input: number) => boolean,
) => readonly (Value | undefined)[];

/** A rule for nodes with one output, whose inputs' gradients are each made when wanted. */
export function perInput(
  of: (
    gradient: Value,
    node: GraphNode & { readonly output: Value; readonly a: Value; readonly b: Value },
  ) => readonly (() => Value)[],
): Rule {
  return (node, [gradient], wants) => {
    const [output, a, b] = [node.outputs[0], node.inputs[0], node.inputs[1]] as [
      Value,
      Value,
      Value,
    ];
    const makers = of(gradient as Value, { ...node, output, a, b });
    return node.inputs.map((_, input) =>
      wants(input) ? makerOf(node, makers, input)() : undefined,
    );
  };
}

function makerOf({ op }: GraphNode, makers: readonly (() => Value)[], input: number): () => Value {
  const make = makers[input];
  if (make !== undefined) return make;
  throw new GraphError(`${op} has no gradient for its input ${input}; make that a constant.`);
}
