import { ONNX_TYPE } from '../../dtype.ts';
import { broadcast, type Doubles, jointShape } from './doubles.ts';
import { erf } from './erf.ts';
import { at, type Kernel, kernel, number } from './kernel.ts';

const unary = (of: (x: number) => number): Kernel =>
  kernel((inputs) => ({ shape: at(inputs, 0).shape, data: at(inputs, 0).data.map(of) }));

const binary = (of: (a: number, b: number) => number): Kernel =>
  kernel((inputs) => each(at(inputs, 0), at(inputs, 1), of));

function each(a: Doubles, b: Doubles, of: (a: number, b: number) => number): Doubles {
  const shape = jointShape(a.shape, b.shape);
  const right = broadcast(b, shape).data;
  return { shape, data: broadcast(a, shape).data.map((x, i) => of(x, right[i] as number)) };
}

const isInteger = (dtype: string) => dtype === 'int32' || dtype === 'int64';

/** Of integers, the quotient towards 0. */
const divide = kernel((inputs, { outputs: [quotient] }) => {
  const whole = quotient !== undefined && isInteger(quotient.dtype);
  return each(at(inputs, 0), at(inputs, 1), (a, b) => (whole ? Math.trunc(a / b) : a / b));
});

/** Half precisions are not rounded: the reference is the exact function. */
const cast = kernel((inputs, node) => {
  const to = number(node, 'to', ONNX_TYPE.float32);
  const x = at(inputs, 0);
  if (to === ONNX_TYPE.bool) return { shape: x.shape, data: x.data.map((v) => Number(v !== 0)) };
  const whole = to === ONNX_TYPE.int32 || to === ONNX_TYPE.int64;
  return { shape: x.shape, data: whole ? x.data.map(Math.trunc) : x.data };
});

const clip = kernel((inputs) => {
  const low = inputs[1]?.data[0] ?? Number.NEGATIVE_INFINITY;
  const high = inputs[2]?.data[0] ?? Number.POSITIVE_INFINITY;
  const x = at(inputs, 0);
  return { shape: x.shape, data: x.data.map((v) => Math.min(Math.max(v, low), high)) };
});

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

export const elementwise: Readonly<Record<string, Kernel>> = {
  Add: binary((a, b) => a + b),
  Cast: cast,
  Clip: clip,
  Div: divide,
  Equal: binary((a, b) => Number(a === b)),
  Erf: unary(erf),
  Exp: unary(Math.exp),
  Gelu: unary((x) => (x / 2) * (1 + erf(x / Math.SQRT2))),
  Greater: binary((a, b) => Number(a > b)),
  Identity: unary((x) => x),
  Log: unary(Math.log),
  Mul: binary((a, b) => a * b),
  Pow: binary((a, b) => a ** b),
  Relu: unary((x) => Math.max(x, 0)),
  Sigmoid: unary(sigmoid),
  Sqrt: unary(Math.sqrt),
  Sub: binary((a, b) => a - b),
};
