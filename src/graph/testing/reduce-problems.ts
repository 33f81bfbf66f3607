import { appendOne } from '../graph.ts';
import { scale } from '../operators/elementwise.ts';
import { logSoftmax, meanLast, softmax, sumAll, sumOver, topk } from '../operators/reduce.ts';
import type { Problems } from './posed.ts';

export const reduceProblems: Problems = {
  ReduceSum: {
    'over the last axis': ({ floats }) => sumOver(floats(['n', 3]), [-1]),
    'over two of three axes': ({ floats }) => sumOver(floats(['n', 'm', 3]), [0, 2]),
    'over all numbers': ({ floats }) => sumAll(floats(['n', 'm', 3])),
  },
  ReduceMean: { 'over the last axis': ({ floats }) => meanLast(floats(['n', 'm', 3])) },
  Softmax: {
    'over the last axis': ({ floats }) => softmax(floats(['n', 'm', 5])),
    'of one number': ({ floats }) => softmax(floats(['n', 1])),
    'nearly certain': ({ floats }) => softmax(scale(floats(['n', 4]), 4)),
  },
  LogSoftmax: {
    'over the last axis': ({ floats }) => logSoftmax(floats(['n', 'm', 5])),
    'nearly certain': ({ floats }) => logSoftmax(scale(floats(['n', 4]), 4)),
  },
  TopK: {
    'the values': ({ floats, integers, size }) =>
      topk(floats(['n', 5], { apart: true }), integers([size(5)]), 'k').values,
  },
  LayerNormalization: {
    'of rows': ({ floats, size }) => {
      const width = size(6) + 2;
      const x = floats(['n', width]);
      return appendOne('LayerNormalization', [x, floats([width]), floats([width])], x, {
        axis: -1,
        epsilon: { float: 1e-3 },
      });
    },
    'of a batch': ({ floats }) => {
      const x = floats(['b', 'n', 4]);
      return appendOne('LayerNormalization', [x, floats([4]), floats([4])], x, {
        axis: -1,
        epsilon: { float: 1e-5 },
      });
    },
  },
};
