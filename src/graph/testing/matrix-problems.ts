import { flashAttention } from '../blocks/attention.ts';
import { gemm, matmul, product } from '../operators/matrix.ts';
import type { Problems } from './posed.ts';

export const matrixProblems: Problems = {
  'com.microsoft.MultiHeadAttention': {
    'one head': ({ floats }) =>
      flashAttention(floats(['t', 1, 3]), floats(['t', 1, 3]), floats(['t', 1, 3])),
    'two heads': ({ floats }) =>
      flashAttention(floats(['t', 2, 4]), floats(['t', 2, 4]), floats(['t', 2, 4])),
    'of rows over themselves': ({ floats }) => {
      const x = floats(['t', 2, 4]);
      return flashAttention(x, x, x);
    },
  },
  MatMul: {
    'two matrices': ({ floats }) => matmul(floats(['n', 'k']), floats(['k', 'm'])),
    'two stacks': ({ floats }) => matmul(floats(['h', 'n', 'k']), floats(['h', 'k', 'm'])),
    'a stack by one matrix': ({ floats }) => matmul(floats(['b', 'h', 'n', 3]), floats([3, 2])),
    'one matrix by a stack': ({ floats }) => matmul(floats(['n', 3]), floats(['h', 3, 'm'])),
    'stacks that broadcast': ({ floats }) =>
      matmul(floats(['b', 1, 'n', 3]), floats([1, 'h', 3, 'm'])),
    'a matrix by itself': ({ floats }) => {
      const x = floats([3, 3]);
      return matmul(x, x);
    },
  },
  Gemm: {
    'x · wᵀ': ({ floats }) => gemm(floats(['n', 3]), floats([4, 3])),
    'x · wᵀ + bias': ({ floats }) => gemm(floats(['n', 3]), floats([4, 3]), floats([4])),
    'a · b': ({ floats }) => product(floats(['n', 3]), floats([3, 4])),
    'aᵀ · b': ({ floats }) => product(floats([3, 'n']), floats([3, 4]), { a: true }),
    'a · bᵀ': ({ floats }) => product(floats(['n', 3]), floats([4, 3]), { b: true }),
    'aᵀ · bᵀ': ({ floats }) => product(floats([3, 'n']), floats([4, 3]), { a: true, b: true }),
  },
};
