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

/** Every row over every row, head by head: q, k, v [1, t, heads·d] → [1, t, heads·d] */
const attention = kernel((inputs, node) => {
  const [q, k, v] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)];
  const [, t, width] = q.shape as [number, number, number];
  const heads = number(node, 'num_heads', 1);
  const d = width / heads;
  const data = new Float64Array(t * width);
  for (let head = 0; head < heads; head++) {
    const rows = (x: Doubles) =>
      view({ ...x, data: x.data.subarray(head * d) }, [t, d], [width, 1]);
    const scores = product(rows(q), turned(rows(k))).data;
    for (let row = 0; row < t; row++) {
      const powers = Array.from(scores.subarray(row * t, (row + 1) * t), (score) =>
        Math.exp(score / Math.sqrt(d)),
      );
      const total = powers.reduce((sum, power) => sum + power, 0);
      for (const [column, power] of powers.entries()) {
        for (let i = 0; i < d; i++) {
          const value = v.data[column * width + head * d + i] as number;
          const to = row * width + head * d + i;
          data[to] = (data[to] as number) + (power / total) * value;
        }
      }
    }
  }
  return { shape: [1, t, width], data };
});

export const matrix: Readonly<Record<string, Kernel>> = {
  'com.microsoft.MultiHeadAttention': attention,
  Gemm: gemm,
  MatMul: kernel((inputs) => product(at(inputs, 0), at(inputs, 1))),
};
