/** For each operator with a rule, a function of random inputs written twice: as our graph, and in jax-js. */
import { lax, nn, numpy as np } from '@jax-js/jax';
import { flashAttention } from '../../blocks/attention.ts';
import { appendOne, type Value } from '../../graph.ts';
import {
  add,
  cast,
  clip,
  div,
  erf,
  exp,
  gelu,
  mul,
  pow,
  relu,
  scalar,
  silu,
  sqrt,
  sub,
} from '../../operators/elementwise.ts';
import {
  concat,
  expandLike,
  gather,
  reshape,
  slice,
  split,
  transpose,
} from '../../operators/layout.ts';
import { gemm, matmul } from '../../operators/matrix.ts';
import { logSoftmax, meanLast, softmax, sumOver, topk } from '../../operators/reduce.ts';
import type { Draw, Range } from '../posed.ts';

interface Twin {
  readonly shapes: readonly (readonly number[])[];
  readonly range?: Range;
  ours(x: Inputs<Value>, draw: Draw): Value;
  theirs(x: Inputs<np.Array>): np.Array;
}

type Inputs<T> = readonly [T, T, T];

const positive: Range = { from: 0.4, to: 3 };
const ROWS = [2, 0, 2, 1];

export const OPERATOR_TWINS: Readonly<Record<string, Twin>> = {
  'com.microsoft.MultiHeadAttention': {
    shapes: [
      [3, 2, 4],
      [3, 2, 4],
      [3, 2, 4],
    ],
    ours: ([q, k, v]) => flashAttention(q, k, v),
    theirs([q, k, v]) {
      const byHead = (x: np.Array) => x.transpose([1, 0, 2]); // [heads, t, headDim]
      const scores = np.matmul(byHead(q), byHead(k).transpose([0, 2, 1])).mul(0.5);
      const mixed = np.matmul(nn.softmax(scores, -1), byHead(v));
      return mixed.transpose([1, 0, 2]).reshape([3, 8]);
    },
  },
  Add: {
    shapes: [
      [2, 1, 3],
      [4, 1],
    ],
    ours: ([a, b]) => add(a, b),
    theirs: ([a, b]) => a.add(b),
  },
  Sub: {
    shapes: [[3], [4, 3]],
    ours: ([a, b]) => sub(a, b),
    theirs: ([a, b]) => a.sub(b),
  },
  Mul: {
    shapes: [
      [2, 3],
      [2, 1],
    ],
    ours: ([a, b]) => mul(mul(a, b), a),
    theirs: ([a, b]) => np.square(a).mul(b),
  },
  Div: {
    shapes: [[3], [2, 3]],
    range: positive,
    ours: ([a, b]) => div(a, b),
    theirs: ([a, b]) => a.div(b),
  },
  Pow: {
    shapes: [[2, 3]],
    ours: ([x]) => pow(x, scalar(x, 3)),
    theirs: ([x]) => np.square(x.ref).mul(x),
  },
  Sqrt: {
    shapes: [[2, 3]],
    range: positive,
    ours: ([x]) => sqrt(x),
    theirs: ([x]) => np.sqrt(x),
  },
  Exp: { shapes: [[2, 3]], ours: ([x]) => exp(x), theirs: ([x]) => np.exp(x) },
  Erf: { shapes: [[2, 3]], ours: ([x]) => erf(x), theirs: ([x]) => lax.erf(x) },
  Sigmoid: { shapes: [[2, 3]], ours: ([x]) => silu(x), theirs: ([x]) => nn.silu(x) },
  Relu: {
    shapes: [[3, 5]],
    range: { away: [0] },
    ours: ([x]) => relu(x),
    theirs: ([x]) => nn.relu(x),
  },
  Gelu: {
    shapes: [[3, 5]],
    ours: ([x]) => gelu(x),
    theirs: ([x]) => nn.gelu(x, { approximate: false }),
  },
  Clip: {
    shapes: [[3, 5]],
    range: { away: [-1, 0.5] },
    ours: ([x]) => clip(x, -1, 0.5),
    theirs: ([x]) => np.clip(x, -1, 0.5),
  },
  Cast: {
    shapes: [[2, 3]],
    ours: ([x]) => mul(cast(cast(x, 'bfloat16'), 'float32'), x),
    theirs: ([x]) => np.square(x),
  },
  Identity: {
    shapes: [[2, 3]],
    ours: ([x]) => appendOne('Identity', [x], x),
    theirs: ([x]) => x.mul(1),
  },
  Reshape: {
    shapes: [
      [2, 6],
      [4, 3],
    ],
    ours: ([x, y]) => mul(reshape(x, [4, 3]), y),
    theirs: ([x, y]) => x.reshape([4, 3]).mul(y),
  },
  Transpose: {
    shapes: [
      [2, 3, 4],
      [4, 2, 3],
    ],
    ours: ([x, y]) => mul(transpose(x, [2, 0, 1]), y),
    theirs: ([x, y]) => x.transpose([2, 0, 1]).mul(y),
  },
  Expand: {
    shapes: [
      [3, 1],
      [2, 3, 4],
    ],
    ours: ([x, y]) => mul(expandLike(x, y), y),
    theirs: ([x, y]) => np.broadcastTo(x, [2, 3, 4]).mul(y),
  },
  Concat: {
    shapes: [
      [2, 3],
      [2, 1],
    ],
    ours: ([x, y]) => concat([x, y, x], 1),
    theirs: ([x, y]) => np.concatenate([x.ref, y, x], 1),
  },
  Split: {
    shapes: [[2, 6]],
    ours: ([x]) => {
      const [a, , c] = split(x, [2, 2, 2], 1) as [Value, Value, Value];
      return mul(a, c);
    },
    theirs: ([x]) => {
      const [a, b, c] = np.split(x, 3, 1) as [np.Array, np.Array, np.Array];
      b.dispose();
      return a.mul(c);
    },
  },
  Slice: {
    shapes: [[2, 6]],
    ours: ([x]) => slice(x, 1, 1, 4),
    theirs: ([x]) => x.slice([], [1, 4]),
  },
  Gather: {
    shapes: [[3, 4]],
    ours: ([x], { integers }) => gather(x, integers(ROWS)),
    theirs: ([x]) => np.take(x, np.array(Int32Array.from(ROWS)), 0),
  },
  MatMul: {
    shapes: [
      [2, 1, 3, 4],
      [3, 4, 2],
    ],
    ours: ([a, b]) => matmul(a, b),
    // Stacks repeated by hand: jax-js 0.1.25 turns their axes round where the ranks differ.
    theirs: ([a, b]) => np.matmul(np.broadcastTo(a, [2, 3, 3, 4]), np.broadcastTo(b, [2, 3, 4, 2])),
  },
  Gemm: {
    shapes: [[3, 4], [5, 4], [5]],
    ours: ([x, w, b]) => gemm(x, w, b),
    theirs: ([x, w, b]) => np.matmul(x, w.transpose()).add(b),
  },
  ReduceSum: {
    shapes: [[2, 3, 4]],
    ours: ([x]) => sumOver(mul(x, x), [0, 2]),
    theirs: ([x]) => np.square(x).sum([0, 2], { keepdims: true }),
  },
  ReduceMean: {
    shapes: [[2, 3, 4]],
    ours: ([x]) => meanLast(mul(x, x)),
    theirs: ([x]) => np.square(x).mean(-1, { keepdims: true }),
  },
  Softmax: {
    shapes: [[2, 3, 4]],
    ours: ([x]) => softmax(x),
    theirs: ([x]) => nn.softmax(x, -1),
  },
  LogSoftmax: {
    shapes: [[2, 3, 4]],
    ours: ([x]) => logSoftmax(x),
    theirs: ([x]) => nn.logSoftmax(x, -1),
  },
  TopK: {
    shapes: [[3, 6]],
    range: { apart: true },
    ours: ([x], { integers }) => topk(x, integers([2]), 'k').values,
    theirs: ([x]) => {
      const [values, places] = lax.topK(x, 2);
      places.dispose();
      return values;
    },
  },
  LayerNormalization: {
    shapes: [[3, 6], [6], [6]],
    ours: ([x, gain, bias]) =>
      appendOne('LayerNormalization', [x, gain, bias], x, {
        axis: -1,
        epsilon: { float: 1e-5 },
      }),
    theirs: ([x, gain, bias]) => {
      const centred = x.ref.sub(x.mean(-1, { keepdims: true }));
      const variance = np.square(centred.ref).mean(-1, { keepdims: true });
      return centred
        .div(np.sqrt(variance.add(1e-5)))
        .mul(gain)
        .add(bias);
    },
  },
};
