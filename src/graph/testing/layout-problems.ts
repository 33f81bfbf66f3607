import type { Value } from '../graph.ts';
import {
  concat,
  expandLike,
  gather,
  reshape,
  reshapeTo,
  shapeOf,
  slice,
  split,
  splitLike,
  transpose,
} from '../operators/layout.ts';
import type { Problems } from './posed.ts';

export const layoutProblems: Problems = {
  Reshape: {
    'a named axis taken apart': ({ floats }) => reshape(floats(['n', 6]), ['n', 2, 3]),
    'axes joined under a new name': ({ floats }) => reshape(floats(['n', 2, 3]), ['k', 3]),
    'several names kept': ({ floats }) => reshape(floats(['n', 'm', 6]), ['n', 'm', 3, 2]),
    'sizes known at run time': ({ floats }) => {
      const x = floats(['n', 'm', 2]);
      return reshapeTo(reshape(x, ['n*m', 2]), shapeOf(x), ['n', 'm', 2]);
    },
    'to fixed sizes': ({ floats }) => reshape(floats([2, 6]), [3, 4]),
  },
  Transpose: {
    'of a matrix': ({ floats }) => transpose(floats(['n', 3]), [1, 0]),
    'a cycle of three': ({ floats }) => transpose(floats(['n', 'm', 3]), [1, 2, 0]),
    'of four axes': ({ floats }) => transpose(floats([2, 'n', 3, 'm']), [2, 0, 3, 1]),
  },
  Expand: {
    'along a single axis': ({ floats }) =>
      expandLike(floats(['n', 1]), floats(['n', 'm'], { held: true })),
    'along new axes': ({ floats }) =>
      expandLike(floats([3]), floats(['n', 'm', 3], { held: true })),
    'from a single number': ({ floats }) =>
      expandLike(floats([1]), floats(['n', 2], { held: true })),
  },
  Concat: {
    'along a named axis': ({ floats }) => concat([floats(['n', 3]), floats(['m', 3])], 0),
    'along a fixed axis': ({ floats }) =>
      concat([floats(['n', 2]), floats(['n', 3]), floats(['n', 1])], -1),
    'one value twice': ({ floats }) => {
      const x = floats(['n', 2]);
      return concat([x, floats(['m', 2]), x], 0);
    },
    'named and fixed parts': ({ floats }) => concat([floats([2, 3]), floats(['m', 3])], 0),
  },
  Split: {
    'all parts used': ({ floats }) => split(floats(['n', 6]), [1, 2, 3], 1),
    'first part unused': ({ floats }) => split(floats(['n', 6]), [1, 2, 3], 1).slice(1),
    'only the middle used': ({ floats }) => split(floats([6, 'n']), [1, 2, 3], 0)[1] as Value,
    'sizes known at run time': ({ floats }) => {
      const [a, b] = [floats(['n', 2]), floats(['m', 2])];
      return splitLike(concat([a, b], 0), [a, b], 0)[1] as Value;
    },
  },
  Slice: {
    'of the first axis': ({ floats }) => slice(floats([5, 'n']), 0, 1, 4),
    'of the last axis': ({ floats }) => slice(floats(['n', 'm', 4]), -1, 0, 1),
    'up to the end': ({ floats }) => slice(floats(['n', 4]), 1, 2, 4),
  },
  Gather: {
    'rows, some of them twice': ({ floats, places }) => gather(floats([3, 4]), places([9], 3)),
    'of a named axis': ({ floats, places }) => gather(floats(['r', 4]), places(['n'], 'r')),
    'numbers of a line': ({ floats, places }) => gather(floats(['r']), places(['n'], 'r')),
    'rows of matrices': ({ floats, places }) => gather(floats(['r', 2, 3]), places(['n'], 'r')),
    'by a table of places': ({ floats, places }) => gather(floats(['r', 3]), places(['n', 2], 'r')),
  },
};
