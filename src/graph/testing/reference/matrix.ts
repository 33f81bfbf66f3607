import { broadcast, count, type Doubles, jointShape, view } from './doubles.ts';
import { at, type Kernel, kernel, number } from './kernel.ts';

/** a [.., n, k] · b [.., k, m] → [.., n, m] */
function product(a: Doubles, b: Doubles): Doubles {
  const [n, k] = a.shape.slice(-2) as [number, number];
  const [rows, m] = b.shape.slice(-2) as [number, number];
  if (rows !== k) throw new RangeError(`[${a.shape}] · [${b.shape}] do not fit`);
  const lead = jointShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const [left, right] = [broadcast(a, [...lead, n, k]).data, broadcast(b, [...lead, k, m]).data];
  const data = new Float64Array(count(lead) * n * m);
  for (let row = 0; row < count(lead) * n; row++) {
    const stack = Math.floor(row / n) * k * m;
    for (let i = 0; i < k; i++) {
      const factor = left[row * k + i] as number;
      for (let column = 0; column < m; column++) {
        data[row * m + column] =
          (data[row * m + column] as number) + factor * (right[stack + i * m + column] as number);
      }
    }
  }
  return { shape: [...lead, n, m], data };
}

/** [r, c] → [c, r] */
function turned(x: Doubles): Doubles {
  const [rows, columns] = x.shape as [number, number];
  return view(x, [columns, rows], [1, columns]);
}

const gemm = kernel((inputs, node) => {
  const [a, b] = [at(inputs, 0), at(inputs, 1)];
  const { shape, data } = product(
    number(node, 'transA', 0) === 0 ? a : turned(a),
    number(node, 'transB', 0) === 0 ? b : turned(b),
  );
  const bias = inputs[2] && broadcast(inputs[2], shape).data;
  const [alpha, beta] = [number(node, 'alpha', 1), number(node, 'beta', 1)];
  return { shape, data: data.map((x, i) => alpha * x + beta * (bias?.[i] ?? 0)) };
});

export const matrix: Readonly<Record<string, Kernel>> = {
  Gemm: gemm,
  MatMul: kernel((inputs) => product(at(inputs, 0), at(inputs, 1))),
};
