import { count, type Doubles, fromStart, stridesOf, view } from './doubles.ts';
import { at, type Kernel, kernel, number } from './kernel.ts';

const sum = (row: Float64Array): number => row.reduce((total, x) => total + x, 0);
const mean = (row: Float64Array): number => sum(row) / row.length;

/** Over the axes of the second input, over all axes where there is none. */
const reduce = (of: (row: Float64Array) => number): Kernel =>
  kernel((inputs, node) => {
    const x = at(inputs, 0);
    const asked = Array.from(inputs[1]?.data ?? []);
    if (asked.length === 0 && number(node, 'noop_with_empty_axes', 0) === 1) return x;
    const gone = new Set(asked.map((axis) => fromStart(axis, x.shape.length)));
    const isGone = (axis: number) => asked.length === 0 || gone.has(axis);
    const axes = [...x.shape.keys()];
    const order = [...axes.filter((axis) => !isGone(axis)), ...axes.filter(isGone)];
    const strides = stridesOf(x.shape);
    const sizes = order.map((axis) => x.shape[axis] as number);
    const sorted = view(
      x,
      sizes,
      order.map((axis) => strides[axis] as number),
    );
    const width = count(x.shape.filter((_, axis) => isGone(axis)));
    const keep = number(node, 'keepdims', 1) === 1;
    const shape = x.shape.flatMap((size, axis) => (isGone(axis) ? (keep ? [1] : []) : [size]));
    const data = new Float64Array(count(shape));
    for (let i = 0; i < data.length; i++) {
      data[i] = of(sorted.data.subarray(i * width, (i + 1) * width));
    }
    return { shape, data };
  });

/** The rows of x along an axis, each as [outer, inner, numbers]. */
function* rowsAlong(x: Doubles, axis: number): Generator<[number, number, Float64Array]> {
  const size = x.shape[axis] as number;
  const inner = count(x.shape.slice(axis + 1));
  for (let outer = 0; outer < count(x.shape.slice(0, axis)); outer++) {
    for (let lane = 0; lane < inner; lane++) {
      yield [
        outer,
        lane,
        Float64Array.from(
          { length: size },
          (_, i) => x.data[(outer * size + i) * inner + lane] as number,
        ),
      ];
    }
  }
}

/** Each row along the axis replaced by numbers made of it. */
function overAxis(
  x: Doubles,
  axis: number,
  size: number,
  of: (row: Float64Array) => ArrayLike<number>,
): Doubles {
  const shape = x.shape.with(axis, size);
  const inner = count(x.shape.slice(axis + 1));
  const data = new Float64Array(count(shape));
  for (const [outer, lane, row] of rowsAlong(x, axis)) {
    const made = of(row);
    for (let i = 0; i < size; i++) data[(outer * size + i) * inner + lane] = made[i] as number;
  }
  return { shape, data };
}

function logSoftmaxOf(row: Float64Array): Float64Array {
  const largest = Math.max(...row);
  const log = largest + Math.log(sum(row.map((x) => Math.exp(x - largest))));
  return row.map((x) => x - log);
}

const alike = (of: (row: Float64Array) => Float64Array): Kernel =>
  kernel((inputs, node) => {
    const x = at(inputs, 0);
    const axis = fromStart(number(node, 'axis', -1), x.shape.length);
    return overAxis(x, axis, x.shape[axis] as number, of);
  });

/** Places of a row, the largest number first, the lowest place first among equals. */
const ranked = (row: Float64Array): number[] =>
  [...row.keys()].sort((a, b) => (row[b] as number) - (row[a] as number) || a - b);

const argMax = kernel((inputs, node) => {
  const x = at(inputs, 0);
  const axis = fromStart(number(node, 'axis', 0), x.shape.length);
  const { shape, data } = overAxis(x, axis, 1, ranked);
  return { shape: number(node, 'keepdims', 1) === 1 ? shape : shape.toSpliced(axis, 1), data };
});

const topK: Kernel = (inputs, node) => {
  const x = at(inputs, 0);
  const k = at(inputs, 1).data[0] as number;
  const axis = fromStart(number(node, 'axis', -1), x.shape.length);
  const values = (row: Float64Array) => ranked(row).map((place) => row[place] as number);
  return [overAxis(x, axis, k, values), overAxis(x, axis, k, ranked)];
};

/** Outputs: the norm, then each row's mean and 1 / deviation, as many of them as the node has. */
const layerNormalization: Kernel = (inputs, node) => {
  const [x, gain] = [at(inputs, 0), at(inputs, 1)];
  const axis = fromStart(number(node, 'axis', -1), x.shape.length);
  const width = count(x.shape.slice(axis));
  const rows = x.data.length / width;
  const outer = x.shape.map((size, i) => (i < axis ? size : 1));
  const [means, inverses] = [new Float64Array(rows), new Float64Array(rows)];
  const data = new Float64Array(x.data.length);
  for (let r = 0; r < rows; r++) {
    const row = x.data.subarray(r * width, (r + 1) * width);
    const centre = mean(row);
    const variance = mean(row.map((v) => (v - centre) ** 2));
    const inverse = 1 / Math.sqrt(variance + number(node, 'epsilon', 1e-5));
    [means[r], inverses[r]] = [centre, inverse];
    for (const [i, v] of row.entries()) {
      data[r * width + i] =
        (v - centre) * inverse * (gain.data[i] as number) + (inputs[2]?.data[i] ?? 0);
    }
  }
  const all = [
    { shape: x.shape, data },
    { shape: outer, data: means },
    { shape: outer, data: inverses },
  ];
  return all.slice(0, node.outputs.length);
};

export const reductions: Readonly<Record<string, Kernel>> = {
  ArgMax: argMax,
  LayerNormalization: layerNormalization,
  LogSoftmax: alike(logSoftmaxOf),
  ReduceMax: reduce((row) => Math.max(...row)),
  ReduceMean: reduce(mean),
  ReduceSum: reduce(sum),
  Softmax: alike((row) => logSoftmaxOf(row).map(Math.exp)),
  TopK: topK,
};
