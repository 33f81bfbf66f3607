/** How much memory a graph needs at once, told from its shapes: what is alive while its nodes run in their order. */
import { GraphError } from '../contracts/errors.ts';
import type { Dim, Shape } from './dim.ts';
import type { Dtype } from './dtype.ts';
import type { Graph, GraphNode, Value } from './graph.ts';

/** Sizes of the names that shapes are made of; those that reshapes make may be left out. */
export type Sizes = Readonly<Record<string, number>>;

const BYTES: Record<Dtype, number> = {
  float32: 4,
  uint8: 1,
  int8: 1,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
  bfloat16: 2,
};

/** Results that are their first input in another shape. */
const VIEWS = new Set(['Reshape', 'Identity']);
/** Results that ONNX Runtime lays over an input of the same shape that nobody needs any more. */
const IN_PLACE = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Sqrt', 'Exp', 'Erf', 'Sigmoid', 'Relu', 'Clip'],
  ...['Softmax', 'LogSoftmax'],
]);

/**
 * Bytes of the most that is alive at once, without the graph's inputs, constants and weights; its outputs stay alive
 * to the end. An estimate: the runtime also fuses nodes, and orders them in its own way. What follows from the graph
 * alone is found once, so that many sizes can be asked for.
 */
export function livePeak(graph: Graph): (sizes: Sizes) => number {
  const events = lifetimes(graph);
  const shapes = new Map(
    events.flatMap(({ begin }) => begin.map(({ key, value }) => [key, value])),
  );
  return (given) => {
    const sizes = withMadeSizes(graph, given);
    const bytes = new Map([...shapes].map(([key, value]) => [key, bytesOf(value, sizes)]));
    const total = (buffers: readonly Buffer[]) =>
      buffers.reduce((sum, { key }) => sum + (bytes.get(key) as number), 0);
    let [alive, peak] = [0, 0];
    for (const { begin, end } of events) {
      alive += total(begin);
      peak = Math.max(peak, alive);
      alive -= total(end);
    }
    return peak;
  };
}

/** The sizes, and those of names that a reshape makes of what it reads. */
function withMadeSizes({ nodes }: Graph, given: Sizes): Sizes {
  const sizes: Record<string, number> = { ...given };
  for (const { op, inputs, outputs } of nodes) {
    const [from, to] = [inputs[0]?.shape, outputs[0]?.shape];
    if (op !== 'Reshape' || from === undefined || to === undefined) continue;
    const made = to.filter((dim) => typeof dim === 'string' && NAME.test(dim) && !(dim in sizes));
    const [name] = made;
    if (made.length !== 1 || typeof name !== 'string') continue;
    const others = to.filter((dim) => dim !== name);
    sizes[name] = countOf(from, sizes) / countOf(others, sizes);
  }
  return sizes;
}

/** A size that no others add up to. */
const NAME = /^[a-z]\w*$/i;

/** The buffers that come into being at each node, and those that nobody needs after it. */
function lifetimes(graph: Graph): { begin: Buffer[]; end: Buffer[] }[] {
  const kept = new Set(graph.outputs.map(({ value }) => value));
  const buffers = new Map<Value, Buffer>();
  const lastUse = lastUses(graph);
  return graph.nodes.map((node, index) => {
    const [begin, end]: [Buffer[], Buffer[]] = [[], []];
    for (const value of node.outputs) {
      const over = laidOver(node, value, index, { buffers, lastUse, kept });
      const buffer = over ?? { key: `${value.dtype} ${value.shape.join()}`, value, values: 0 };
      if (over === undefined) begin.push(buffer);
      buffer.values++;
      buffers.set(value, buffer);
    }
    for (const value of new Set([...node.inputs, ...node.outputs])) {
      const buffer = buffers.get(value);
      if (buffer === undefined || kept.has(value) || (lastUse.get(value) ?? index) > index)
        continue;
      buffers.delete(value);
      buffer.values--;
      if (buffer.values === 0) end.push(buffer);
    }
    return { begin, end };
  });
}

/** Memory that one or more values are views of. */
interface Buffer {
  /** Type and shape: buffers that agree in it have the same size. */
  readonly key: string;
  /** One that it was made for. */
  readonly value: Value;
  values: number;
}

function lastUses({ nodes }: Graph): Map<Value, number> {
  const last = new Map<Value, number>();
  for (const [index, { inputs }] of nodes.entries())
    for (const value of inputs) last.set(value, index);
  return last;
}

/** The buffer of an input that a result shares. */
function laidOver(
  { op, inputs }: GraphNode,
  value: Value,
  index: number,
  {
    buffers,
    lastUse,
    kept,
  }: {
    buffers: ReadonlyMap<Value, Buffer>;
    lastUse: ReadonlyMap<Value, number>;
    kept: ReadonlySet<Value>;
  },
): Buffer | undefined {
  const [first] = inputs;
  if (VIEWS.has(op)) return first && buffers.get(first);
  if (!IN_PLACE.has(op)) return undefined;
  const free = inputs.find(
    (one) =>
      lastUse.get(one) === index &&
      !kept.has(one) &&
      buffers.get(one)?.values === 1 &&
      one.dtype === value.dtype &&
      one.shape.join() === value.shape.join(),
  );
  return free && buffers.get(free);
}

/** Bytes of a value whose names have these sizes. */
export function bytesOf({ dtype, shape }: Pick<Value, 'dtype' | 'shape'>, sizes: Sizes): number {
  return BYTES[dtype] * countOf(shape, sizes);
}

const countOf = (shape: Shape, sizes: Sizes): number =>
  shape.reduce<number>((product, dim) => product * sizeOf(dim, sizes), 1);

/** The size of a dimension such as `n+n`, `p*65` or `(r*160)`. */
function sizeOf(dim: Dim, sizes: Sizes): number {
  if (typeof dim === 'number') return dim;
  const known = sizes[dim];
  if (known !== undefined) return known;
  const inner = dim.startsWith('(') && dim.endsWith(')') ? dim.slice(1, -1) : dim;
  if (/^\d+$/.test(inner)) return Number(inner);
  for (const [sign, join] of [
    ['+', (a: number, b: number) => a + b],
    ['*', (a: number, b: number) => a * b],
  ] as const) {
    const parts = inner.split(sign);
    if (parts.length > 1) return parts.map((part) => sizeOf(part, sizes)).reduce(join);
  }
  if (inner !== dim) return sizeOf(inner, sizes);
  throw new GraphError(`The size of ${dim} is not known; give it.`);
}
