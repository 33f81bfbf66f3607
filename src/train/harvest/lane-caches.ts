import type { CacheShape } from '../../model/kv-cache.ts';

/**
 * Keys and values of several sequences in one block, each in a lane of its own: a pass over the first b lanes reads the
 * block where it lies, and only new columns are ever written.
 */
export interface LaneCaches {
  readonly lanes: number;
  /** Columns of every lane; the bias hides those past the lane's length. */
  readonly capacity: number;
  lengthOf(lane: number): number;
  /** Of each layer, lanes `first` to `first + count`, not copied. */
  view(first: number, count: number): readonly LayerView[];
  /** Appends the first `rows` of the r rows that lane `index` of a pass over `count` lanes gave. */
  append(lane: number, pass: PassColumns, index: number, rows: number): void;
  /** Forgets the columns of a lane from `length` on. */
  truncate(lane: number, length: number): void;
}

interface LayerView {
  readonly keys: Float32Array; // [count, kvHeads, headDim, capacity]
  readonly values: Float32Array; // [count, kvHeads, capacity, headDim]
}

/** What a pass over `count` lanes of `r` rows gave. */
export interface PassColumns {
  readonly keys: Float32Array; // [layers, count, kvHeads, headDim, r]
  readonly values: Float32Array; // [layers, count, kvHeads, r, headDim]
  readonly count: number;
  readonly r: number;
}

/** Capacity is a multiple of this, so that sums over columns fall into the same groups whatever it is. */
const BUCKET = 128;

export function createLaneCaches(shape: CacheShape, lanes: number): LaneCaches {
  const { kvHeads, headDim } = shape;
  const width = kvHeads * headDim;
  const lengths = new Array<number>(lanes).fill(0);
  let capacity = BUCKET;
  let layers = allocate(shape, lanes, capacity);

  const resize = (columns: number) => {
    const size = Math.max(1, Math.ceil(columns / BUCKET)) * BUCKET;
    const resized = allocate(shape, lanes, size);
    for (const [index, { keys, values }] of layers.entries()) {
      const target = resized[index] as LayerView;
      for (const [lane, length] of lengths.entries()) {
        copyLines(keys, target.keys, lane * width, width, capacity, size, length);
        const [wide, wider] = [capacity * headDim, size * headDim];
        copyLines(values, target.values, lane * kvHeads, kvHeads, wide, wider, length * headDim);
      }
    }
    [layers, capacity] = [resized, size];
  };
  return {
    lanes,
    get capacity() {
      return capacity;
    },
    lengthOf: (lane) => lengths[lane] as number,
    view(first, count) {
      const size = width * capacity;
      const cut = (data: Float32Array) => data.subarray(first * size, (first + count) * size);
      return layers.map(({ keys, values }) => ({ keys: cut(keys), values: cut(values) }));
    },
    append(lane, { keys, values, count, r }, index, rows) {
      const length = lengths[lane] as number;
      if (length + rows > capacity) resize(length + rows);
      for (const [layer, cache] of layers.entries()) {
        const at = layer * count + index;
        for (let line = 0; line < width; line++) {
          const from = (at * width + line) * r;
          const to = (lane * width + line) * capacity + length;
          for (let row = 0; row < rows; row++) cache.keys[to + row] = keys[from + row] as number;
        }
        for (let head = 0; head < kvHeads; head++) {
          const from = (at * kvHeads + head) * r * headDim;
          const to = ((lane * kvHeads + head) * capacity + length) * headDim;
          cache.values.set(values.subarray(from, from + rows * headDim), to);
        }
      }
      lengths[lane] = length + rows;
    },
    truncate(lane, length) {
      lengths[lane] = Math.min(length, lengths[lane] as number);
      const longest = Math.max(...lengths);
      if (2 * longest <= capacity - BUCKET) resize(longest); // a long one has left: what all read gets shorter
    },
  };
}

function allocate(
  { layers, kvHeads, headDim }: CacheShape,
  lanes: number,
  capacity: number,
): LayerView[] {
  const size = lanes * kvHeads * headDim * capacity;
  return Array.from({ length: layers }, () => ({
    keys: new Float32Array(size),
    values: new Float32Array(size),
  }));
}

/** The first `length` numbers of lines `first` to `first + count`, into lines of another width. */
function copyLines(
  from: Float32Array,
  to: Float32Array,
  first: number,
  count: number,
  wide: number,
  wider: number,
  length: number,
): void {
  for (let line = first; line < first + count; line++) {
    to.set(from.subarray(line * wide, line * wide + length), line * wider);
  }
}
