import { describe, expect, it } from 'vitest';
import { inverseFrequencies, rotaryRows } from '../../model/rotary-rows.ts';
import type { QwenVision } from './qwen-vl-config.ts';
import { patchesOf } from './testing/patches-of.ts';
import { towerRotary } from './tower-rotary.ts';

const VISION: QwenVision = {
  hiddenSize: 32,
  intermediateSize: 8,
  layers: 1,
  heads: 2,
  patchSize: 2,
  temporalPatchSize: 2,
  mergeSize: 2,
};

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
