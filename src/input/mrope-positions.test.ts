import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PictureSpan } from '../contracts/messages.ts';
import { mropePositions } from './mrope-positions.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

const side = fc.integer({ min: 1, max: 9 });
/** Pictures with so many tokens of text before each, and after the last. */
const prompts = fc.record({
  pictures: fc.array(fc.record({ text: fc.nat(5), height: side, width: side }), { minLength: 1 }),
  after: fc.nat(5),
});

function layOut({
  pictures,
  after,
}: {
  pictures: { text: number; height: number; width: number }[];
  after: number;
}) {
  let length = 0;
  const spans: PictureSpan[] = pictures.map(({ text, height, width }, picture) => {
    const span = { start: length + text, length: height * width, picture, row: 0 };
    length = span.start + span.length;
    return span;
  });
  const layouts = pictures.map(({ height, width }) => ({ grid: { height, width } }));
  const positions = mropePositions(length + after, spans, layouts);
  if (positions === undefined) throw new Error('pictures with a grid have positions');
  return { spans, layouts, positions };
}

describe('mropePositions', () => {
  it('counts text along all axes, a picture by row and column, and goes on beyond its longer side', () => {
    const { positions } = layOut({ pictures: [{ text: 2, height: 2, width: 3 }], after: 2 });
    expect([...positions.time]).toEqual([0, 1, 2, 2, 2, 2, 2, 2, 5, 6]);
    expect([...positions.height]).toEqual([0, 1, 2, 2, 2, 3, 3, 3, 5, 6]);
    expect([...positions.width]).toEqual([0, 1, 2, 3, 4, 2, 3, 4, 5, 6]);
  });

  it('gives every embedding of a picture its own place, and later rows positions beyond', () => {
    const property = fc.property(prompts, (prompt) => {
      const { spans, positions } = layOut(prompt);
      const { time, height, width } = positions;
      for (const { start, length } of spans) {
        const places = Array.from({ length }, (_, i) =>
          [height[start + i], width[start + i]].join(),
        );
        expect(new Set(places).size).toBe(length);
        const highest = Math.max(
          ...height.subarray(start, start + length),
          ...width.subarray(start, start + length),
        );
        const next = time[start + length];
        if (next !== undefined) expect(next).toBe(highest + 1);
      }
    });
    fc.assert(property, { numRuns });
  });

  it('are left to the places in the text where no picture has a grid', () => {
    expect(mropePositions(7, [], [])).toBeUndefined();
    const span = { start: 1, length: 4, picture: 0, row: 0 };
    expect(mropePositions(7, [span], [{}])).toBeUndefined();
  });
});
