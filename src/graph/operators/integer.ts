import { GraphError } from '../../contracts/errors.ts';
import { broadcastShapes, formatShape } from '../dim.ts';
import { appendOne, constant, dimOf, type Graph, type Value } from '../graph.ts';
import { scalar } from './elementwise.ts';

/** The number that stands for 0 in unsigned 8 bits, so that -127 to 127 fit. */
const ZERO = 128;

/** How many steps the numbers are, halves to even, counted from `ZERO`, at most 127 either way: float32 [..] → uint8 [..] */
export function wholeNumbers(x: Value, step: number): Value {
  const inputs = [x, scalar(x, step), zeroPoint(x.graph)];
  return appendOne('QuantizeLinear', inputs, { dtype: 'uint8', shape: x.shape });
}

/**
 * Exact products of whole numbers, times what they are worth: a uint8 [n, k] counted from `ZERO`, a step each, b [.., k, m]
 * int8, or uint8 counted from `ZERO`, worth float32 [m], or [.., 1, m] where b has more axes → float32 [.., n, m]. Signed by
 * signed would be very slow.
 */
export function wholeProduct(a: Value, b: Value, step: number, worth: Value): Value {
  const lead = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const matrices = a.shape.length >= 2 && b.shape.length >= 2;
  const dtypes = [a, b, worth].map(({ dtype }) => dtype).join();
  const known = ['uint8,int8,float32', 'uint8,uint8,float32'].includes(dtypes);
  if (!matrices || !known || dimOf(a, -1) !== dimOf(b, -2) || !lead) {
    throw new GraphError(
      `MatMulIntegerToFloat: ${a.dtype} ${formatShape(a.shape)} · ${b.dtype} ${formatShape(b.shape)} do not fit.`,
    );
  }
  const columns = dimOf(b, -1);
  if (dimOf(worth, -1) !== columns) {
    throw new GraphError(
      `MatMulIntegerToFloat: ${formatShape(worth.shape)} is not one number for each of ${columns} columns.`,
    );
  }
  const zero = zeroPoint(a.graph);
  const inputs = [a, b, constant(a.graph, Float32Array.of(step), []), worth, zero];
  if (b.dtype === 'uint8') inputs.push(zero);
  const shape = [...lead, dimOf(a, -2), columns];
  return appendOne('com.microsoft.MatMulIntegerToFloat', inputs, { dtype: 'float32', shape });
}

const zeroPoint = (graph: Graph): Value => constant(graph, Uint8Array.of(ZERO), []);
