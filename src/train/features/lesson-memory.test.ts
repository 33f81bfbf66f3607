import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Lesson, lessonBytes } from './lesson.ts';
import { createLessonMemory } from './lesson-memory.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const lesson = (count: number, slots = 0): Lesson => ({
  features: { data: new Float32Array(count), count, width: 1 },
  visual: {
    embeddings: { data: new Float32Array(slots), count: slots, width: 1 },
    slots: new Int32Array(slots),
  },
});

describe('a lesson memory', () => {
  it('gives what was put, the very same', () => {
    const memory = createLessonMemory(100);
    const one = lesson(3);
    memory.put('a', one);
    expect(memory.get('a')).toBe(one);
    expect(memory.get('b')).toBeUndefined();
  });

  it('forgets what was unused longest', () => {
    const memory = createLessonMemory(3 * 4 * 5);
    for (const key of ['a', 'b', 'c']) memory.put(key, lesson(5));
    memory.get('a');
    memory.put('d', lesson(3, 2));
    const kept = ['a', 'b', 'c', 'd'].filter((key) => memory.get(key) !== undefined);
    expect(kept).toEqual(['a', 'c', 'd']);
  });

  it('spares the others when a lesson is larger than the whole memory', () => {
    const memory = createLessonMemory(20);
    memory.put('a', lesson(5));
    memory.put('b', lesson(6));
    expect([memory.get('a'), memory.get('b')]).toEqual([lesson(5), undefined]);
  });

  it('never holds more bytes than its limit, and always what was put last if it fits', () => {
    const puts = fc.array(fc.record({ key: fc.nat(8), count: fc.nat(30) }));
    fc.assert(
      fc.property(fc.nat(300), puts, (limit, lessons) => {
        const memory = createLessonMemory(limit);
        for (const { key, count } of lessons) {
          memory.put(String(key), lesson(count));
          expect(memory.get(String(key)) !== undefined).toBe(4 * count <= limit);
        }
        const held = Array.from({ length: 9 }, (_, key) => memory.get(String(key)));
        const bytes = held.reduce((sum, one) => sum + (one ? lessonBytes(one) : 0), 0);
        expect(bytes).toBeLessThanOrEqual(limit);
      }),
      { numRuns },
    );
  });
});
