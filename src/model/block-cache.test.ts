import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floatsOf } from '../contracts/session.ts';
import { BLOCK, ONES } from '../graph/blocks/block-attention.ts';
import {
  type BlockCache,
  type CachedText,
  type CacheRows,
  columnBytes,
  createBlockCache,
} from './block-cache.ts';
import { consecutive } from './consecutive.ts';

const numRuns = Math.ceil(Number(process.env.MSD_FUZZ ?? 300) / 5);

const SHAPE = { layers: 2, kvHeads: 2, headDim: 3 };
const { layers, kvHeads, headDim } = SHAPE;
const WIDTH = kvHeads * headDim;

/** The numbers of column `id`: all that a layer, a head and a line of it could be mixed up with differ. */
const keyIn = (id: number, layer: number, line: number) => 100 * id + 10 * layer + line;
const valueIn = (id: number, layer: number, line: number) => -keyIn(id, layer, line);

/** A pass that computed columns of these ids. */
function passOf(ids: readonly number[]): CacheRows {
  const fill = (of: typeof keyIn) =>
    Float32Array.from({ length: layers * ids.length * WIDTH }, (_, i) => {
      const row = Math.floor(i / WIDTH);
      return of(ids[row % ids.length] as number, Math.floor(row / ids.length), i % WIDTH);
    });
  return { keys: fill(keyIn), values: fill(valueIn), count: ids.length };
}

const newCache = (alone = false) => createBlockCache(SHAPE, alone);

/** Checks what a pass over these texts reads against the ids that they should hold. */
function expectRead(
  cache: BlockCache,
  some: readonly { readonly text: CachedText; readonly ids: readonly number[] }[],
  spare = 0,
): void {
  const { blocks, blocksOf, opens, openOf, feeds } = cache.read(some.map(({ text }) => text));
  const tails = opens + spare;
  const fed = feeds(tails, BLOCK);
  expect(new Set(openOf).size, 'no open block is shared').toBe(some.length);
  for (let layer = 0; layer < layers; layer++) {
    expect(fed[`keys_${layer}`]?.shape).toEqual([blocks, kvHeads, headDim, BLOCK]);
    expect(fed[`values_${layer}`]?.shape).toEqual([blocks, kvHeads, BLOCK, headDim + ONES]);
    expect(fed[`open_keys_${layer}`]?.shape).toEqual([tails, kvHeads, headDim, BLOCK]);
    expect(fed[`open_values_${layer}`]?.shape).toEqual([tails, kvHeads, BLOCK, headDim + ONES]);
    for (const [at, { ids }] of some.entries()) {
      const places = blocksOf[at] as readonly number[];
      expect(places.length).toBe(Math.floor(ids.length / BLOCK));
      const [keys, values]: number[][] = [[], []];
      const [wantedKeys, wantedValues]: number[][] = [[], []];
      for (const [position, id] of ids.entries()) {
        const [block, column] = [Math.floor(position / BLOCK), position % BLOCK];
        const isFull = block < places.length;
        const place = isFull ? (places[block] as number) : (openOf[at] as number);
        const source = (name: string) => floatsOf(fed, `${isFull ? '' : 'open_'}${name}_${layer}`);
        const deep = headDim + ONES;
        for (let head = 0; head < kvHeads; head++) {
          const slab = place * kvHeads + head;
          for (let i = 0; i < headDim; i++) {
            keys?.push(source('keys')[(slab * headDim + i) * BLOCK + column] as number);
            wantedKeys?.push(keyIn(id, layer, head * headDim + i));
            wantedValues?.push(valueIn(id, layer, head * headDim + i));
          }
          const start = (slab * BLOCK + column) * deep;
          values?.push(...source('values').subarray(start, start + deep));
          wantedValues?.push(...Array<number>(ONES).fill(1));
        }
      }
      expect(keys, `keys of text ${at} in layer ${layer}`).toEqual(wantedKeys);
      expect(values, `values of text ${at} in layer ${layer}`).toEqual(wantedValues);
    }
  }
}

const which = fc.nat();
/** What is done with the beginning of a text, up to a part of it. */
const upToPart = <Kind extends string>(kind: Kind) =>
  fc.record({ kind: fc.constant(kind), which, percent: fc.integer({ min: 0, max: 100 }) });
const changes = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('open' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('append' as const),
        which,
        count: fc.oneof(fc.nat(3), fc.nat(2 * BLOCK + 5), fc.constant(BLOCK)),
      }),
    },
    { weight: 1, arbitrary: upToPart('truncate') },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('dispose' as const), which }) },
    { weight: 2, arbitrary: upToPart('copy') },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('join' as const), which }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('read' as const),
        some: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        spare: fc.nat(3),
      }),
    },
  ),
  { maxLength: 30, size: 'max' },
);

describe('createBlockCache', () => {
  it('gives every text the columns that it was given, whatever else was opened, cut and read', () => {
    fc.assert(
      fc.property(changes, fc.boolean(), (all, alone) => {
        const cache = newCache(alone);
        const texts: { text: CachedText; ids: number[] }[] = [];
        let written = 0;
        for (const change of all) {
          const at = 'which' in change ? change.which % Math.max(1, texts.length) : 0;
          const chosen = texts[at];
          if (change.kind === 'open') texts.push({ text: cache.open(), ids: [] });
          else if (change.kind === 'read') {
            const some = texts.filter((_, i) => change.some[i % 8]);
            if (some.length === 0) continue;
            expectRead(cache, some.reverse(), change.spare);
            const { blocksOf, blocks, opens } = cache.read(some.map(({ text }) => text));
            const own = Math.max(1, blocksOf.flat().length); // one at least, if nobody's
            if (alone) expect([blocks, opens]).toEqual([own, some.length]);
          } else if (chosen === undefined) continue;
          else if (change.kind === 'append') {
            // Every other row of the pass is somebody else's, and they are appended from the last to the first.
            const ids = Array.from({ length: 2 * change.count }, () => written++ % 1000);
            const rows = consecutive(change.count).map((i) => 2 * (change.count - 1 - i));
            chosen.text.append(passOf(ids), rows);
            chosen.ids.push(...Array.from(rows, (row) => ids[row] as number));
          } else if (change.kind === 'truncate') {
            chosen.ids.length = Math.floor((change.percent / 100) * chosen.ids.length);
            chosen.text.truncate(chosen.ids.length);
          } else if (change.kind === 'copy') {
            const ids = chosen.ids.slice(0, Math.floor((change.percent / 100) * chosen.ids.length));
            texts.push({ text: cache.copy(chosen.text, ids.length), ids });
          } else if (change.kind === 'join') {
            for (const { text, ids } of texts) {
              const differ = ids.findIndex((id, i) => id !== chosen.ids[i]);
              const length = differ < 0 ? ids.length : differ;
              if (text !== chosen.text)
                cache.join(text, chosen.text, Math.min(length, chosen.ids.length));
            }
          } else {
            chosen.text.dispose();
            texts.splice(at, 1);
          }
          for (const { text, ids } of texts) expect(text.length).toBe(ids.length);
        }
        if (texts.length > 0) expectRead(cache, texts);
        // Where all are read at once, nobody shares a block.
        const needed = texts.reduce((sum, { ids }) => sum + Math.floor(ids.length / BLOCK) + 1, 0);
        expect(cache.columns(texts.map(({ text }) => text))).toBe(needed * BLOCK);
        const block = BLOCK * columnBytes(SHAPE);
        expect(cache.bytes).toBeGreaterThanOrEqual(needed * block);
        const most = 4 * needed + 2; // as many holes, twice the room, and a block that is nobody's
        expect(cache.bytes).toBeLessThanOrEqual(most * block);
        for (const { text } of texts) text.dispose();
        expect(cache.bytes).toBe(0);
      }),
      { numRuns },
    );
  });

  it('grows from 1 to 4,096 columns without ever holding more than a block above them', () => {
    const cache = newCache();
    const text = cache.open();
    const row = passOf([1]);
    let peak = 0;
    for (let length = 1; length <= 4096; length++) {
      text.append(row, Int32Array.of(0));
      peak = Math.max(peak, cache.bytes - length * columnBytes(SHAPE));
    }
    expect(peak).toBeLessThanOrEqual(BLOCK * columnBytes(SHAPE));
    expect(cache.bytes).toBeLessThanOrEqual(1.15 * 4096 * columnBytes(SHAPE));
  });

  it('holds once what texts share that begin alike, copied or joined', () => {
    const cache = newCache();
    const [text, other] = [cache.open(), cache.open()];
    const ids = consecutive(5 * BLOCK + 7);
    for (const one of [text, other]) one.append(passOf([...ids]), ids);
    const copies = Array.from({ length: 10 }, () => cache.copy(text, 5 * BLOCK + 3));
    expect(cache.columns([text, ...copies])).toBe((5 + 11) * BLOCK);
    expect(cache.columns([text, other])).toBe(2 * 6 * BLOCK);
    cache.join(other, text, 4 * BLOCK + 3);
    expect(cache.columns([text, other])).toBe((4 + 2 + 2) * BLOCK);
    expect(cache.bytes).toBeLessThanOrEqual((2 * 6 + 12) * BLOCK * columnBytes(SHAPE));
    text.dispose();
    for (const one of copies.slice(1)) one.dispose();
    expectRead(cache, [{ text: other, ids: [...ids] }]);
    expectRead(cache, [
      { text: copies[0] as CachedText, ids: [...ids.subarray(0, 5 * BLOCK + 3)] },
    ]);
  });

  it('grows where it lies: what a pass was fed before is still the same memory', () => {
    const cache = newCache();
    const text = cache.open();
    text.append(
      passOf([1]),
      Int32Array.from({ length: BLOCK }, () => 0),
    );
    const before = cache.read([text]).feeds(1, BLOCK);
    text.append(
      passOf([1]),
      Int32Array.from({ length: 40 * BLOCK }, () => 0),
    );
    const after = cache.read([text]).feeds(1, BLOCK);
    for (const name of ['keys_0', 'values_1']) {
      expect(floatsOf(after, name).buffer).toBe(floatsOf(before, name).buffer);
      expect(floatsOf(after, name).byteOffset).toBe(floatsOf(before, name).byteOffset);
    }
  });

  it('gives memory back where a text is cut, and where an older one is gone', () => {
    const cache = newCache();
    const [old, young] = [cache.open(), cache.open()];
    const many = Int32Array.from({ length: 40 * BLOCK }, () => 0);
    old.append(passOf([1]), many);
    young.append(passOf([2]), many);
    young.truncate(BLOCK);
    expect(cache.bytes).toBeLessThan(85 * BLOCK * columnBytes(SHAPE));
    old.dispose();
    expect(cache.bytes).toBeLessThan(8 * BLOCK * columnBytes(SHAPE));
    expectRead(cache, [{ text: young, ids: Array(BLOCK).fill(2) }]);
  });

  it('shows no open block where none is to be seen', () => {
    const cache = newCache();
    const text = cache.open();
    text.append(passOf([1]), new Int32Array(BLOCK));
    const feeds = cache.read([text]).feeds(3, 0);
    expect(feeds.open_keys_0?.shape).toEqual([3, kvHeads, headDim, 0]);
    expect(feeds.open_values_1?.shape).toEqual([3, kvHeads, 0, headDim + ONES]);
    expect(feeds.open_values_1?.data).toHaveLength(0);
  });

  it('refuses to cut a text to rows that it never had, and texts that are gone or of another cache', () => {
    const [cache, other] = [newCache(), newCache()];
    const text = cache.open();
    text.append(passOf([1, 2]), Int32Array.of(0, 1));
    expect(() => text.truncate(3)).toThrow(RangeError);
    expect(() => text.truncate(-1)).toThrow(RangeError);
    expect(text.length).toBe(2);
    expect(() => other.read([text])).toThrow(RangeError);
    text.dispose();
    expect(text.length).toBe(0);
    expect(() => cache.read([text])).toThrow(RangeError);
    text.dispose();
    expect(cache.bytes).toBe(0);
  });
});

describe('a copy of a text', () => {
  it('holds its first columns, and both go on by themselves', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4 * BLOCK }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        (length, share, isDisposed) => {
          const cache = newCache();
          const ids = Array.from({ length }, (_, i) => i + 1);
          const text = cache.open();
          text.append(passOf(ids), consecutive(length));
          const kept = Math.floor(share * length);
          const copied = cache.copy(text, kept);
          const grow = (one: CachedText, from: number) => {
            const more = Array.from({ length: BLOCK + 3 }, (_, i) => from + i);
            one.append(passOf(more), consecutive(more.length));
            return more;
          };
          const others = [...ids.slice(0, kept), ...grow(copied, 1000)];
          if (isDisposed) text.dispose();
          else expectRead(cache, [{ text, ids: [...ids, ...grow(text, 2000)] }]);
          expectRead(cache, [{ text: copied, ids: others }]);
        },
      ),
      { numRuns },
    );
  });

  it('is of no more columns than there are', () => {
    const cache = newCache();
    expect(() => cache.copy(cache.open(), 1)).toThrow(RangeError);
  });
});
