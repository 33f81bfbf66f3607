import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patchesOf } from '../qwen-vl/testing/patches-of.ts';
import type { Qwen25VlConfig } from './qwen25-vl-config.ts';
import { towerWindows } from './tower-windows.ts';

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
