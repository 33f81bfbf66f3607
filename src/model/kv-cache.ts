import { floatTensor, type Tensor } from '../contracts/session.ts';
import type { CacheRows } from '../contracts/target.ts';

/**
 * Keys and values of one sequence, kept outside the graph. Keys are stored transposed, so that a pass multiplies
 * with them as they lie. Only accepted rows are ever written: a rejected branch needs no undoing.
 */
export interface KvCache {
  readonly length: number;
  /** Columns allocated; a pass sees all of them, the bias hides those past `length`. */
  readonly capacity: number;
  readonly layers: readonly LayerCache[];
  /** Appends these of a step's rows, in the given order. */
  append(rows: CacheRows, which: Int32Array): void;
  truncate(length: number): void;
}

export interface LayerCache {
  readonly keys: Tensor; // [kvHeads, headDim, capacity]
  readonly values: Tensor; // [kvHeads, capacity, headDim]
}

export interface CacheShape {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

/** Capacity grows in steps of this many columns. */
const BUCKET = 128;

export function createKvCache(shape: CacheShape): KvCache {
  let length = 0;
  let capacity = BUCKET;
  let layers = allocate(shape, capacity);
  return {
    get length() {
      return length;
    },
    get capacity() {
      return capacity;
    },
    get layers() {
      return layers;
    },
    append(rows, which) {
      const needed = length + which.length;
      if (needed > capacity) {
        const larger = bucketed(needed);
        const grown = allocate(shape, larger);
        copyColumns(layers, capacity, grown, larger, length, shape);
        [layers, capacity] = [grown, larger];
      }
      for (const [index, layer] of layers.entries()) {
        writeKeys(layer, capacity, length, rows, index, which, shape);
        writeValues(layer, capacity, length, rows, index, which, shape);
      }
      length = needed;
    },
    truncate(newLength) {
      if (newLength < 0 || newLength > length) {
        throw new RangeError(`can't truncate a cache of ${length} rows to ${newLength}`);
      }
      length = newLength;
    },
  };
}

const bucketed = (columns: number): number => Math.max(1, Math.ceil(columns / BUCKET)) * BUCKET;

function allocate({ layers, kvHeads, headDim }: CacheShape, capacity: number): LayerCache[] {
  const size = kvHeads * headDim * capacity;
  return Array.from({ length: layers }, () => ({
    keys: floatTensor(new Float32Array(size), [kvHeads, headDim, capacity]),
    values: floatTensor(new Float32Array(size), [kvHeads, capacity, headDim]),
  }));
}

/** Copies the first `length` columns of every layer to the columns from `at` on. */
function copyColumns(
  from: readonly LayerCache[],
  fromCapacity: number,
  to: readonly LayerCache[],
  toCapacity: number,
  length: number,
  { kvHeads, headDim }: CacheShape,
  at = 0,
): void {
  for (const [index, source] of from.entries()) {
    const target = to[index] as LayerCache;
    const lines = kvHeads * headDim;
    copyStrided(source.keys, fromCapacity, target.keys, toCapacity, lines, length, at);
    const [wide, wider] = [fromCapacity * headDim, toCapacity * headDim];
    copyStrided(source.values, wide, target.values, wider, kvHeads, length * headDim, at * headDim);
  }
}

/** Caches of several sequences side by side, as one pass reads them. */
export interface JoinedCaches extends Pick<KvCache, 'capacity' | 'layers'> {
  /** First column of each sequence. */
  readonly starts: readonly number[];
}

/** A single cache is read where it lies; several are copied, committed columns only. */
export function joinCaches(caches: readonly KvCache[], shape: CacheShape): JoinedCaches {
  const only = caches[0];
  if (caches.length === 1 && only !== undefined) {
    return { capacity: only.capacity, layers: only.layers, starts: [0] };
  }
  const starts: number[] = [];
  let used = 0;
  for (const cache of caches) {
    starts.push(used);
    used += cache.length;
  }
  const capacity = bucketed(used);
  const layers = allocate(shape, capacity);
  for (const [index, cache] of caches.entries()) {
    copyColumns(cache.layers, cache.capacity, layers, capacity, cache.length, shape, starts[index]);
  }
  return { capacity, layers, starts };
}

/** Copies the first `length` numbers of each of `rows` rows to place `at` of the target's rows. */
function copyStrided(
  from: Tensor,
  fromStride: number,
  to: Tensor,
  toStride: number,
  rows: number,
  length: number,
  at: number,
): void {
  const [source, target] = [from.data as Float32Array, to.data as Float32Array];
  for (let row = 0; row < rows; row++) {
    target.set(source.subarray(row * fromStride, row * fromStride + length), row * toStride + at);
  }
}

/** rows [layers, kvHeads·headDim, count] → columns of cache [kvHeads·headDim, capacity] */
function writeKeys(
  layer: LayerCache,
  capacity: number,
  at: number,
  { keys, count, first }: CacheRows,
  index: number,
  which: Int32Array,
  { kvHeads, headDim }: CacheShape,
): void {
  const cache = layer.keys.data as Float32Array;
  const lines = kvHeads * headDim;
  for (let line = 0; line < lines; line++) {
    const source = (index * lines + line) * count + first;
    const target = line * capacity + at;
    for (let i = 0; i < which.length; i++) {
      cache[target + i] = keys[source + (which[i] as number)] as number;
    }
  }
}

/** rows [layers, kvHeads, count, headDim] → rows of cache [kvHeads, capacity, headDim] */
function writeValues(
  layer: LayerCache,
  capacity: number,
  at: number,
  { values, count, first }: CacheRows,
  index: number,
  which: Int32Array,
  { kvHeads, headDim }: CacheShape,
): void {
  const cache = layer.values.data as Float32Array;
  for (let head = 0; head < kvHeads; head++) {
    const source = (index * kvHeads + head) * count + first;
    const target = head * capacity + at;
    for (let i = 0; i < which.length; i++) {
      const row = (source + (which[i] as number)) * headDim;
      cache.set(values.subarray(row, row + headDim), (target + i) * headDim);
    }
  }
}
