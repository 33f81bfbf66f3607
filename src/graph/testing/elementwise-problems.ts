import { appendOne, type Value } from '../graph.ts';
import {
  add,
  cast,
  clip,
  div,
  erf,
  exp,
  gelu,
  geluTanh,
  mul,
  pow,
  quickGelu,
  relu,
  scalar,
  scale,
  silu,
  sqrt,
  sub,
} from '../operators/elementwise.ts';
import type { Draw, Problems } from './posed.ts';

const line = ({ floats }: Draw) => floats(['n', 3]);
const positive = { from: 0.3, to: 3 };

/** The ways in which two shapes meet. */
const binary = (of: (a: Value, b: Value) => Value, right = {}) => ({
  'two of one shape': ({ floats }: Draw) => of(floats(['n', 3]), floats(['n', 3], right)),
  'a table over rows': ({ floats }: Draw) => of(floats(['n', 1, 3]), floats(['m', 3], right)),
  'a row over a table': ({ floats }: Draw) => of(floats([4]), floats(['n', 'm', 4], right)),
  'single axes on both sides': ({ floats, size }: Draw) => {
    const k = size();
    return of(floats(['n', 1, k]), floats([1, 'm', 1], right));
  },
  'one number': ({ floats }: Draw) => of(floats(['n', 2]), floats([1], right)),
  'a scalar': ({ floats }: Draw) => of(floats([], right), floats(['n', 2], right)),
});

export const elementwiseProblems: Problems = {
  Add: binary(add),
  Sub: binary(sub),
  Mul: {
    ...binary(mul),
    'a value by itself': (draw) => {
      const x = line(draw);
      return mul(x, x);
    },
    'a value used in many places': (draw) => {
      const x = line(draw);
      const y = mul(x, scale(x, -0.7));
      return mul(add(y, x), mul(sub(x, y), y));
    },
  },
  Div: {
    ...binary(div, positive),
    'by what it also stands above': ({ floats }) => {
      const x = floats(['n', 3], positive);
      return div(x, add(x, floats(['n', 1], positive)));
    },
  },
  Pow: {
    square: (draw) => {
      const x = line(draw);
      return pow(x, scalar(x, 2));
    },
    cube: (draw) => {
      const x = line(draw);
      return pow(x, scalar(x, 3));
    },
    'inverse root': ({ floats }) => {
      const x = floats(['n', 3], positive);
      return pow(x, scalar(x, -0.5));
    },
  },
  Sqrt: { 'of positive numbers': ({ floats }) => sqrt(floats(['n', 3], positive)) },
  Exp: { 'of rows': (draw) => exp(line(draw)) },
  Erf: { 'of rows': (draw) => erf(line(draw)) },
  Sigmoid: {
    silu: (draw) => silu(line(draw)),
    quickGelu: (draw) => quickGelu(line(draw)),
    geluTanh: (draw) => geluTanh(line(draw)),
  },
  Relu: { 'away from 0': ({ floats }) => relu(floats(['n', 5], { away: [0] })) },
  Gelu: {
    'of rows': (draw) => gelu(line(draw)),
    'far from 0': ({ floats }) => gelu(floats(['n', 3], { from: -6, to: 6 })),
  },
  Clip: {
    'away from its bounds': ({ floats }) => clip(floats(['n', 5], { away: [-1, 0.5] }), -1, 0.5),
  },
  Cast: { 'through a half': (draw) => cast(cast(scale(line(draw), 0.5), 'float16'), 'float32') },
  Identity: {
    'of rows': (draw) => {
      const x = line(draw);
      return appendOne('Identity', [x], x);
    },
  },
};
