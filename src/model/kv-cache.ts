import { floatTensor, type Tensor } from '../contracts/session.ts';
import type { CacheRows } from '../contracts/target.ts';
import { truncatedLength } from './truncated-length.ts';

/**
 * Keys and values of one sequence, kept outside the graph, one column per committed row. Keys are stored transposed,
 * so that a pass multiplies with them as they lie. Only accepted rows are ever written: a rejected branch needs no
 * undoing.
 */
export interface KvCache {
  /** Committed columns. */
  readonly length: number;
  /** Columns allocated; a pass reads all of them, the bias hides those past `length`. */
  readonly capacity: number;
  readonly layers: readonly LayerCache[];
  /** Appends these of a step's rows, counted from the step's first, in the given order. */
  append(rows: CacheRows, which: Int32Array): void;
  /**
   * Forgets the columns from `length` on.
   * @throws RangeError if there are fewer.
   */
  truncate(length: number): void;
}

interface LayerCache {
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
        capacity = bucketed(needed);
        const grown = allocate(shape, capacity);
        copyColumns(layers, grown, length, 0, shape);
        layers = grown;
      }
      const runs = runsOf(which);
      for (const [index, { keys, values }] of layers.entries()) {
        writeKeys(keys, length, rows, index, which, shape);
        writeValues(values, length, rows, index, runs, shape);
      }
      length = needed;
    },
    truncate(to) {
      length = truncatedLength(length, to);
    },
  };
}

/** Caches of several sequences side by side, as one pass reads them. */
interface JoinedCaches extends Pick<KvCache, 'capacity' | 'layers'> {
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
  for (const { length } of caches) {
    starts.push(used);
    used += length;
  }
  const capacity = bucketed(used);
  const layers = allocate(shape, capacity);
  for (const [index, cache] of caches.entries()) {
    copyColumns(cache.layers, layers, cache.length, starts[index] as number, shape);
  }
  return { capacity, layers, starts };
}

function bucketed(columns: number): number {
  return Math.max(1, Math.ceil(columns / BUCKET)) * BUCKET;
}

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
  to: readonly LayerCache[],
  length: number,
  at: number,
  { kvHeads, headDim }: CacheShape,
): void {
  for (const [index, source] of from.entries()) {
    const target = to[index] as LayerCache;
    copyLines(source.keys, target.keys, kvHeads * headDim, length, at);
    copyLines(source.values, target.values, kvHeads, length * headDim, at * headDim);
  }
}

/** Copies the first `length` numbers of every line to place `at` of the same line of another tensor. */
function copyLines(from: Tensor, to: Tensor, lines: number, length: number, at: number): void {
  const [source, target] = [from.data as Float32Array, to.data as Float32Array];
  const [wide, wider] = [source.length / lines, target.length / lines];
  for (let line = 0; line < lines; line++) {
    target.set(source.subarray(line * wide, line * wide + length), line * wider + at);
  }
}

/** Columns of rows.keys [layers, kvHeads · headDim, count] → columns of a layer [kvHeads · headDim, capacity] */
function writeKeys(
  layer: Tensor,
  at: number,
  { keys, count, first }: CacheRows,
  index: number,
  which: Int32Array,
  { kvHeads, headDim }: CacheShape,
): void {
  const cache = layer.data as Float32Array;
  const lines = kvHeads * headDim;
  const capacity = cache.length / lines;
  for (let line = 0; line < lines; line++) {
    const source = (index * lines + line) * count + first;
    const target = line * capacity + at;
    for (let i = 0; i < which.length; i++) {
      cache[target + i] = keys[source + (which[i] as number)] as number;
    }
  }
}

/** Rows of rows.values [layers, kvHeads, count, headDim] → rows of a layer [kvHeads, capacity, headDim] */
function writeValues(
  layer: Tensor,
  at: number,
  { values, count, first }: CacheRows,
  index: number,
  runs: readonly Run[],
  { kvHeads, headDim }: CacheShape,
): void {
  const cache = layer.data as Float32Array;
  const capacity = cache.length / (kvHeads * headDim);
  for (let head = 0; head < kvHeads; head++) {
    const source = (index * kvHeads + head) * count + first;
    const target = head * capacity + at;
    for (const { place, row, length } of runs) {
      const from = (source + row) * headDim;
      cache.set(values.subarray(from, from + length * headDim), (target + place) * headDim);
    }
  }
}

/** Neighbouring rows that stay neighbours. */
interface Run {
  readonly place: number;
  readonly row: number;
  readonly length: number;
}

function runsOf(which: Int32Array): Run[] {
  const runs: Run[] = [];
  for (let place = 0; place < which.length; ) {
    const row = which[place] as number;
    let length = 1;
    while (which[place + length] === row + length) length++;
    runs.push({ place, row, length });
    place += length;
  }
  return runs;
}
