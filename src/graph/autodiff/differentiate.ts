/**
 * Reverse-mode differentiation of our graphs. The nodes are walked from the last to the first; each passes the
 * gradients of its outputs on to its inputs by the rule of its operator, and gradients that meet are added. What is
 * appended are ordinary nodes: one graph then computes forward, loss and backward.
 */
import { GraphError } from '../../contracts/errors.ts';
import { formatShape } from '../dim.ts';
import { constant, type GraphNode, type Value } from '../graph.ts';
import { add } from '../operators/elementwise.ts';
import { RULES } from './rules.ts';

/**
 * d loss / d wrt, each in the shape of its value. `loss` is one number [1], or any value whose own `gradient` comes
 * from elsewhere (the next part of a network that is run in parts).
 * @throws GraphError if `loss` does not depend on a value, or an operator between them has no rule
 */
export function differentiate(loss: Value, wrt: readonly Value[], gradient?: Value): Value[] {
  return pullBack(new Map([[loss, gradient ?? one(loss)]]), wrt);
}

/**
 * The same of a loss whose gradients are known at several values, from which its way back begins: where they are written
 * down by hand, or where part of what the loss is made of counts as given.
 * @param given each value's gradient, in its shape
 */
export function pullBack(given: ReadonlyMap<Value, Value>, wrt: readonly Value[]): Value[] {
  const [first] = [...given.keys()] as [Value];
  const { graph } = first;
  const nodes = [...graph.nodes];
  const reached = reachedFrom(wrt, nodes);
  const gradients = new Map(given);
  for (const node of nodes.reverse()) {
    if (!node.outputs.some((value) => gradients.has(value) && reached.has(value))) continue;
    const flowing = passBack(node, gradients, reached);
    for (const [index, given] of flowing.entries()) {
      const value = node.inputs[index] as Value;
      if (given === undefined || !reached.has(value)) continue;
      const before = gradients.get(value);
      gradients.set(value, before === undefined ? given : add(before, given));
    }
  }
  return wrt.map((value) => {
    const found = gradients.get(value);
    if (found !== undefined) return found;
    const names = [...given.keys()].map(({ name }) => name).join(', ');
    throw new GraphError(`Graph ${graph.name}: ${names} does not depend on ${value.name}.`);
  });
}

/** The values that depend on any of the given ones, and these. */
function reachedFrom(wrt: readonly Value[], nodes: readonly GraphNode[]): Set<Value> {
  const reached = new Set(wrt);
  for (const { inputs, outputs } of nodes) {
    if (!inputs.some((value) => reached.has(value))) continue;
    for (const value of outputs) if (value.dtype.includes('float')) reached.add(value);
  }
  return reached;
}

function passBack(
  node: GraphNode,
  gradients: ReadonlyMap<Value, Value>,
  reached: ReadonlySet<Value>,
): readonly (Value | undefined)[] {
  const { op, inputs, outputs } = node;
  const rule = RULES.get(op);
  if (rule === undefined) {
    const names = outputs.map(({ name }) => name).join(', ');
    throw new GraphError(
      `${op} has no rule of differentiation, and ${names} lies between the loss and a weight; add one to graph/autodiff.`,
    );
  }
  const given = outputs.map((value) => gradients.get(value));
  const flowing = rule(node, given, (index) => reached.has(inputs[index] as Value));
  for (const [index, gradient] of flowing.entries()) {
    const { name, shape } = inputs[index] as Value;
    if (gradient === undefined || formatShape(gradient.shape) === formatShape(shape)) continue;
    throw new GraphError(
      `${op} gave ${name} ${formatShape(shape)} a gradient of shape ${formatShape(gradient.shape)}; its rule is wrong.`,
    );
  }
  return flowing;
}

function one(loss: Value): Value {
  if (loss.shape.length <= 1 && (loss.shape[0] ?? 1) === 1) {
    return constant(loss.graph, Float32Array.of(1), loss.shape as number[]);
  }
  throw new GraphError(
    `A loss is one number; ${loss.name} has shape ${formatShape(loss.shape)}. Sum it, or give its gradient.`,
  );
}
