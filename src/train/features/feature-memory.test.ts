import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFeatureMemory } from './feature-memory.ts';
import { type FeatureRows, featureBytes } from './feature-rows.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const featureRows = (count: number, slots = 0): FeatureRows => ({
  features: { data: new Float32Array(count), count, width: 1 },
  visual: {
    embeddings: { data: new Float32Array(slots), count: slots, width: 1 },
    slots: new Int32Array(slots),
  },
});

describe('a feature memory', () => {
  it('gives what was put, the very same', () => {
    const memory = createFeatureMemory(100);
    const one = featureRows(3);
    memory.put('a', one);
    expect(memory.get('a')).toBe(one);
    expect(memory.get('b')).toBeUndefined();
  });

  it('forgets what was unused longest', () => {
    const memory = createFeatureMemory(3 * 4 * 5);
    for (const key of ['a', 'b', 'c']) memory.put(key, featureRows(5));
    memory.get('a');
    memory.put('d', featureRows(3, 2));
    const kept = ['a', 'b', 'c', 'd'].filter((key) => memory.get(key) !== undefined);
    expect(kept).toEqual(['a', 'c', 'd']);
  });

  it('spares the others when one is larger than the whole memory', () => {
    const memory = createFeatureMemory(20);
    memory.put('a', featureRows(5));
    memory.put('b', featureRows(6));
    expect([memory.get('a'), memory.get('b')]).toEqual([featureRows(5), undefined]);
  });

  it('never holds more bytes than its limit, and always what was put last if it fits', () => {
    const puts = fc.array(fc.record({ key: fc.nat(8), count: fc.nat(30) }));
    fc.assert(
      fc.property(fc.nat(300), puts, (limit, kept) => {
        const memory = createFeatureMemory(limit);
        for (const { key, count } of kept) {
          memory.put(String(key), featureRows(count));
          expect(memory.get(String(key)) !== undefined).toBe(4 * count <= limit);
        }
        const held = Array.from({ length: 9 }, (_, key) => memory.get(String(key)));
        const bytes = held.reduce((sum, one) => sum + (one ? featureBytes(one) : 0), 0);
        expect(bytes).toBeLessThanOrEqual(limit);
      }),
      { numRuns },
    );
  });
});
