import { GraphError } from '../../contracts/errors.ts';
import { broadcastShapes, formatShape } from '../dim.ts';
import { appendOne, dimOf, requireSameDtype, type Value } from '../graph.ts';

/** a [.., n, k] · b [.., k, m] → [.., n, m], leading axes broadcast. */
export function matmul(a: Value, b: Value): Value {
  const dtype = requireSameDtype('MatMul', [a, b]);
  const lead = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const matrices = a.shape.length >= 2 && b.shape.length >= 2;
  if (!matrices || dimOf(a, -1) !== dimOf(b, -2) || lead === undefined) {
    throw new GraphError(`MatMul: ${formatShape(a.shape)} · ${formatShape(b.shape)} do not fit.`);
  }
  return appendOne('MatMul', [a, b], { dtype, shape: [...lead, dimOf(a, -2), dimOf(b, -1)] });
}

/** x [n, in] · wᵀ with w [out, in], plus bias [out] → [n, out]. */
export function gemm(x: Value, w: Value, bias?: Value): Value {
  const inputs = bias === undefined ? [x, w] : [x, w, bias];
  const dtype = requireSameDtype('Gemm', inputs);
  const matrices = x.shape.length === 2 && w.shape.length === 2;
  const biasFits = bias === undefined || (bias.shape.length === 1 && bias.shape[0] === w.shape[0]);
  if (!matrices || dimOf(x, 1) !== dimOf(w, 1) || !biasFits) {
    const shapes = inputs.map((value) => formatShape(value.shape)).join(', ');
    throw new GraphError(`Gemm: ${shapes} do not fit.`);
  }
  return appendOne('Gemm', inputs, { dtype, shape: [dimOf(x, 0), dimOf(w, 0)] }, { transB: 1 });
}

/** Which of the factors are read transposed. */
interface Transposed {
  readonly a?: boolean;
  readonly b?: boolean;
}

/** a · b of two matrices, either read transposed: [n, k] · [k, m] → [n, m] */
export function product(a: Value, b: Value, transposed: Transposed = {}): Value {
  const dtype = requireSameDtype('Gemm', [a, b]);
  const matrices = a.shape.length === 2 && b.shape.length === 2;
  const [rows, inner] = transposed.a ? [1, 0] : [0, 1];
  const [columns, innerOfB] = transposed.b ? [0, 1] : [1, 0];
  if (!matrices || dimOf(a, inner) !== dimOf(b, innerOfB)) {
    throw new GraphError(`Gemm: ${formatShape(a.shape)}, ${formatShape(b.shape)} do not fit.`);
  }
  const shape = [dimOf(a, rows), dimOf(b, columns)];
  const attributes = { transA: transposed.a ? 1 : 0, transB: transposed.b ? 1 : 0 };
  return appendOne('Gemm', [a, b], { dtype, shape }, attributes);
}
