import { GraphError } from '../../contracts/errors.ts';
import { broadcastShapes, formatShape } from '../dim.ts';
import { appendOne, constant, dimOf, type Graph, type Value } from '../graph.ts';
import { scalar } from './elementwise.ts';

/** The number that stands for 0 in unsigned 8 bits, so that -127 to 127 fit. */
const ZERO = 128;

/** Numbers from -127 to 127 as whole ones, halves to even, counted from `ZERO`: float32 [..] → uint8 [..] */
export function wholeNumbers(x: Value): Value {
  const inputs = [x, scalar(x, 1), zeroPoint(x.graph)];
  return appendOne('QuantizeLinear', inputs, { dtype: 'uint8', shape: x.shape });
}

/**
 * Products of whole numbers, exact: a uint8 [n, k] counted from `ZERO`, b int8 [.., k, m] → int32 [.., n, m]. Signed by
 * signed would be very slow.
 */
export function integerMatmul(a: Value, b: Value): Value {
  const lead = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const matrices = a.shape.length >= 2 && b.shape.length >= 2;
  const eightBits = a.dtype === 'uint8' && b.dtype === 'int8';
  if (!matrices || !eightBits || dimOf(a, -1) !== dimOf(b, -2) || lead === undefined) {
    throw new GraphError(
      `MatMulInteger: ${a.dtype} ${formatShape(a.shape)} · ${b.dtype} ${formatShape(b.shape)} do not fit.`,
    );
  }
  const shape = [...lead, dimOf(a, -2), dimOf(b, -1)];
  return appendOne('MatMulInteger', [a, b, zeroPoint(a.graph)], { dtype: 'int32', shape });
}

const zeroPoint = (graph: Graph): Value => constant(graph, Uint8Array.of(ZERO), []);
