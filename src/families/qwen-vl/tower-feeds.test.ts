import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Qwen25VlConfig } from '../../contracts/checkpoint.ts';
import { inverseFrequencies, rotaryRows } from '../../model/rotary-rows.ts';
import { towerRotary, towerWindows } from './tower-feeds.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

const VISION: Qwen25VlConfig['vision'] = {
  hiddenSize: 32,
  intermediateSize: 8,
  layers: 1,
  heads: 2,
  patchSize: 2,
  temporalPatchSize: 2,
  mergeSize: 2,
  windowSize: 3,
  fullLayers: [],
};

/** Row and column of each patch of a grid of embeddings: squares of 2 x 2, row by row. */
function patchesOf(height: number, width: number): { row: number; column: number }[] {
  const patches = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      for (const [down, right] of [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ] as const) {
        patches.push({ row: 2 * row + down, column: 2 * column + right });
      }
    }
  }
  return patches;
}

describe('towerRotary', () => {
  it('turns the first half of the frequencies by the row, the second by the column', () => {
    const patches = patchesOf(2, 3);
    const { cos, sin } = towerRotary({ height: 2, width: 3 }, VISION);
    expect(cos.shape).toEqual([patches.length, 1, 16]);
    const frequencies = inverseFrequencies(8, 10_000); // four, for each side
    const rows = rotaryRows(
      Int32Array.from(patches, ({ row }) => row),
      frequencies,
    );
    const columns = rotaryRows(
      Int32Array.from(patches, ({ column }) => column),
      frequencies,
    );
    for (const part of ['cos', 'sin'] as const) {
      const got = { cos, sin }[part].data;
      for (const [patch] of patches.entries()) {
        for (let i = 0; i < 16; i++) {
          const side = i % 8 < 4 ? rows : columns;
          expect(got[patch * 16 + i]).toBe(side[part].data[patch * 8 + (i % 4)]);
        }
      }
    }
  });
});

describe('towerWindows', () => {
  const sizes = fc.integer({ min: 1, max: 10 });

  it('puts every patch in the one window that its square lies in, and marks what is empty', () => {
    const property = fc.property(sizes, sizes, sizes, (height, width, windowSize) => {
      const vision = { ...VISION, windowSize };
      const { slots, seen, places } = towerWindows({ height, width }, vision);
      const [windows = 0, size = 0] = slots.shape;
      expect(size).toBe(4 * windowSize ** 2);
      expect(windows).toBe(Math.ceil(height / windowSize) * Math.ceil(width / windowSize));
      const patches = patchesOf(height, width);
      expect(places.data).toHaveLength(patches.length);
      const windowOf = new Map<string, number>();
      for (const [patch, { row, column }] of patches.entries()) {
        const place = Number(places.data[patch]);
        expect(slots.data[place]).toBe(patch);
        expect(seen.data[place]).toBe(0);
        const side = 2 * windowSize;
        const area = [Math.floor(row / side), Math.floor(column / side)].join();
        const window = Math.floor(place / size);
        expect(windowOf.get(area) ?? window).toBe(window);
        windowOf.set(area, window);
      }
      expect(new Set(windowOf.values()).size).toBe(windows);
      const empty = [...seen.data].filter((bias) => bias === Number.NEGATIVE_INFINITY).length;
      expect(empty).toBe(windows * size - patches.length);
    });
    fc.assert(property, { numRuns });
  });
});
