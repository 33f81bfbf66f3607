import { floatTensor, type Tensor } from '../contracts/session.ts';
import { BLOCK, ONES } from '../graph/blocks/block-attention.ts';
import { type GrowingFloats, growingFloats } from './growing-floats.ts';
import { createShelf, type Holder, type Shelf } from './shelf.ts';
import { truncatedLength } from './truncated-length.ts';

/**
 * Keys and values of all texts of a network, outside its graph, in blocks of `BLOCK` columns. Blocks that are full stand
 * in one row, whosever they are; the last, unfinished block of every text stands in another. A pass reads both where
 * they lie, and a cache grows by a block without a copy. Only accepted rows are ever written: a rejected branch needs
 * no undoing. Full blocks never change, so texts that begin alike share them, but for texts of one pass: a pass reads a
 * block for one text.
 */
export interface BlockCache {
  open(): CachedText;
  /** Another text, which begins with the first `length` columns of this one. What is full of them has one place for both. */
  copy(text: CachedText, length: number): CachedText;
  /** Two texts whose first `length` columns are the same, in every bit: what is full of them has one place for both. */
  join(text: CachedText, other: CachedText, length: number): void;
  /** Columns that there is room for in the blocks of these texts, each block counted once. */
  columns(texts: readonly CachedText[]): number;
  /** What a pass over some texts reads. Valid until the next change. */
  read(texts: readonly CachedText[]): CacheReading;
  /** Bytes of memory that are held. */
  readonly bytes: number;
}

/** One text in a cache. */
export interface CachedText {
  /** Committed columns. */
  readonly length: number;
  /** Appends these rows of a pass, in the given order. */
  append(rows: CacheRows, which: Int32Array): void;
  /**
   * Forgets the columns from `length` on.
   * @throws RangeError if there are fewer.
   */
  truncate(length: number): void;
  dispose(): void;
}

/** Keys and values that a pass computed for its rows. */
export interface CacheRows {
  readonly keys: Float32Array; // [layers, count, kvHeads · headDim]
  readonly values: Float32Array; // [layers, count, kvHeads · headDim]
  readonly count: number;
}

/** Where the texts of a pass stand among the full and the open blocks that it reads. */
export interface CacheReading {
  /** Full blocks that are read, one at least, and which of them are each text's, in order of position. */
  readonly blocks: number;
  readonly blocksOf: readonly (readonly number[])[];
  /** Open blocks that are read, and which is each text's. */
  readonly opens: number;
  readonly openOf: readonly number[];
  /**
   * Of every layer keys_i, values_i, open_keys_i, open_values_i.
   * @param tails open blocks that the graph sees, at least `opens`; of width 0 where it is to see none of them
   */
  feeds(tails: number, width: typeof BLOCK | 0): Record<string, Tensor>;
}

export interface CacheShape {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

/** Bytes that a committed column takes in all layers. */
export const columnBytes = ({ layers, kvHeads, headDim }: CacheShape): number =>
  4 * layers * kvHeads * (2 * headDim + ONES);

/** Blocks of all layers, side by side by place. */
interface Blocks {
  readonly shelf: Shelf;
  readonly layers: readonly { readonly keys: GrowingFloats; readonly values: GrowingFloats }[];
}

/**
 * @param alone a pass reads nobody's blocks but its texts' own, however much is to be moved for that
 */
export function createBlockCache(shape: CacheShape, alone = false): BlockCache {
  const { kvHeads, headDim } = shape;
  const [full, open] = [createBlocks(shape, alone), createBlocks(shape, alone)];
  const places = new WeakMap<CachedText, TextPlaces>();
  const placesOf = (text: CachedText): TextPlaces => {
    const held = places.get(text);
    if (held === undefined) throw new RangeError('The text is disposed, or of another cache.');
    return held;
  };
  const openOf = (length: number): CachedText => {
    const held: TextPlaces = { full: { places: [] }, open: { places: [] } };
    const text = openText(shape, full, open, held, length, () => places.delete(text));
    places.set(text, held);
    return text;
  };
  return {
    open: () => openOf(0),
    copy(text, to) {
      const source = placesOf(text);
      const length = truncatedLength(text.length, to);
      const copied = openOf(length);
      const target = placesOf(copied);
      const whole = Math.floor(length / BLOCK);
      for (const place of source.full.places.slice(0, whole)) full.shelf.share(place, target.full);
      const reopened = source.full.places[whole];
      const last = placeOf(target.open);
      if (reopened === undefined) copyBlock(open, placeOf(source.open), open, last);
      else copyBlock(full, reopened, open, last);
      return copied;
    },
    join(text, other, to) {
      const [joining, joined] = [placesOf(text).full, placesOf(other).full];
      const whole = Math.floor(truncatedLength(Math.min(text.length, other.length), to) / BLOCK);
      for (let block = 0; block < whole; block++) {
        full.shelf.join(joining, joined, block);
      }
      reserve(full, full.shelf.used);
    },
    columns(texts) {
      const blocks = new Set(texts.flatMap((text) => placesOf(text).full.places));
      return BLOCK * (blocks.size + texts.length);
    },
    read(texts) {
      const held = texts.map(placesOf);
      partBlocks(full, held);
      const blocks = full.shelf.gather(held.map((places) => places.full));
      const opens = open.shelf.gather(held.map((places) => places.open));
      const count = Math.max(1, blocks.count); // one that is nobody's: not every device reduces over nothing
      return {
        blocks: count,
        blocksOf: held.map((places) => places.full.places.map((place) => place - blocks.first)),
        opens: opens.count,
        openOf: held.map((places) => placeOf(places.open) - opens.first),
        feeds(tails, width) {
          reserve(open, Math.max(open.shelf.used, opens.first + tails));
          reserve(full, Math.max(full.shelf.used, blocks.first + count));
          const feeds: Record<string, Tensor> = {};
          for (const [i, { keys, values }] of full.layers.entries()) {
            const last = open.layers[i] as Blocks['layers'][number];
            const cut = (floats: GrowingFloats) =>
              width === 0 ? new Float32Array(0) : floats.slice(opens.first, tails);
            const deep = headDim + ONES;
            feeds[`keys_${i}`] = floatTensor(keys.slice(blocks.first, count), [
              count,
              kvHeads,
              headDim,
              BLOCK,
            ]);
            feeds[`values_${i}`] = floatTensor(values.slice(blocks.first, count), [
              count,
              kvHeads,
              BLOCK,
              deep,
            ]);
            feeds[`open_keys_${i}`] = floatTensor(cut(last.keys), [tails, kvHeads, headDim, width]);
            feeds[`open_values_${i}`] = floatTensor(cut(last.values), [
              tails,
              kvHeads,
              width,
              deep,
            ]);
          }
          return feeds;
        },
      };
    },
    get bytes() {
      return [full, open]
        .flatMap(({ layers }) => layers)
        .reduce((sum, { keys, values }) => sum + keys.bytes + values.bytes, 0);
    },
  };
}

interface TextPlaces {
  readonly full: Holder;
  /** One place. */
  readonly open: Holder;
}

const placeOf = ({ places }: Holder): number => places[0] as number;

function openText(
  shape: CacheShape,
  full: Blocks,
  open: Blocks,
  held: TextPlaces,
  first: number,
  forget: () => void,
): CachedText {
  let length = first;
  open.shelf.take(held.open);
  reserve(open, open.shelf.used);
  const cut = (blocks: number) => {
    while (held.full.places.length > blocks) {
      full.shelf.free(held.full.places.at(-1) as number, held.full);
    }
    reserve(full, full.shelf.used);
  };
  return {
    get length() {
      return length;
    },
    append(rows, which) {
      for (let from = 0; from < which.length; ) {
        const at = length % BLOCK;
        const some = which.subarray(from, from + BLOCK - at);
        writeColumns(open, placeOf(held.open), at, rows, some, shape);
        from += some.length;
        length += some.length;
        if (length % BLOCK > 0) continue;
        const place = full.shelf.take(held.full);
        reserve(full, full.shelf.used);
        copyBlock(open, placeOf(held.open), full, place);
      }
    },
    truncate(to) {
      length = truncatedLength(length, to);
      const whole = Math.floor(length / BLOCK);
      const reopened = held.full.places[whole];
      if (reopened !== undefined) copyBlock(full, reopened, open, placeOf(held.open));
      cut(whole);
    },
    dispose() {
      if (held.open.places.length === 0) return;
      length = 0;
      cut(0);
      open.shelf.free(placeOf(held.open), held.open);
      reserve(open, open.shelf.used);
      forget();
    },
  };
}

/** Gives every text of a pass blocks of its own. */
function partBlocks(full: Blocks, texts: readonly TextPlaces[]): void {
  const seen = new Set<number>();
  for (const { full: holder } of texts) {
    for (const place of [...holder.places]) {
      if (!seen.has(place)) {
        seen.add(place);
        continue;
      }
      const own = full.shelf.part(place, holder);
      reserve(full, full.shelf.used);
      copyBlock(full, place, full, own);
      seen.add(own);
    }
  }
}

function createBlocks({ layers, kvHeads, headDim }: CacheShape, alone: boolean): Blocks {
  const all = Array.from({ length: layers }, () => ({
    keys: growingFloats(kvHeads * headDim * BLOCK),
    values: growingFloats(kvHeads * BLOCK * (headDim + ONES)),
  }));
  const move = (from: number, to: number, swap: boolean) => {
    for (const { keys, values } of all) {
      keys.move(from, to, swap);
      values.move(from, to, swap);
    }
  };
  const shelf = alone ? createShelf(move, (places) => places) : createShelf(move);
  return { shelf, layers: all };
}

function reserve({ layers }: Blocks, places: number): void {
  for (const { keys, values } of layers) {
    keys.reserve(places);
    values.reserve(places);
  }
}

function copyBlock(from: Blocks, source: number, to: Blocks, target: number): void {
  for (const [index, { keys, values }] of from.layers.entries()) {
    const other = to.layers[index] as Blocks['layers'][number];
    other.keys.slice(target, 1).set(keys.slice(source, 1));
    other.values.slice(target, 1).set(values.slice(source, 1));
  }
}

/** Rows of a pass as columns of a block, from column `at` on. */
function writeColumns(
  { layers }: Blocks,
  place: number,
  at: number,
  { keys, values, count }: CacheRows,
  which: Int32Array,
  { kvHeads, headDim }: CacheShape,
): void {
  const width = kvHeads * headDim;
  const deep = headDim + ONES;
  for (const [layer, block] of layers.entries()) {
    const [toKeys, toValues] = [block.keys.slice(place, 1), block.values.slice(place, 1)];
    for (let i = 0; i < which.length; i++) {
      const from = (layer * count + (which[i] as number)) * width;
      for (let line = 0; line < width; line++) {
        toKeys[line * BLOCK + at + i] = keys[from + line] as number;
      }
      for (let head = 0; head < kvHeads; head++) {
        const column = (head * BLOCK + at + i) * deep;
        const start = from + head * headDim;
        toValues.set(values.subarray(start, start + headDim), column);
        toValues.fill(1, column + headDim, column + deep);
      }
    }
  }
}
