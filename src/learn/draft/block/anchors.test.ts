import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anchorPlaces, drawAnchors, taughtSlots } from './anchors.ts';

const texts = fc
  .record({
    reply: fc.uint8Array({ max: 1, maxLength: 40 }),
    end: fc.option(fc.nat(), { nil: undefined }),
  })
  .map(({ reply, end }) => ({ reply, ...(end !== undefined && { end }) }));

describe('anchors', () => {
  it('are different places in order, each with a reply token to guess', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 12 }), fc.nat(), (text, count, place) => {
        const anchors = [...drawAnchors(text, count, 3, place)];
        expect(anchors).toHaveLength(Math.min(count, anchorPlaces(text).length));
        expect(anchors).toEqual([...new Set(anchors)].sort((a, b) => a - b));
        for (const anchor of anchors) {
          expect(text.reply[anchor]).toBe(1);
          expect(taughtSlots(text, anchor, 8)).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('are drawn alike whenever a step is taken again, and otherwise at the next', () => {
    const text = { reply: new Uint8Array(200).fill(1, 20) };
    const draw = (seed: number, place: number) => drawAnchors(text, 12, seed, place);
    expect(draw(1, 7)).toEqual(draw(1, 7));
    expect(draw(1, 8)).not.toEqual(draw(1, 7));
    expect(draw(2, 7)).not.toEqual(draw(1, 7));
  });

  it('stand everywhere equally often', () => {
    const text = { reply: Uint8Array.from([0, 0, 1, 1, 1, 1, 1, 1]) };
    const counts = new Map<number, number>();
    for (let place = 0; place < 3000; place++) {
      for (const anchor of drawAnchors(text, 2, 0, place)) {
        counts.set(anchor, (counts.get(anchor) ?? 0) + 1);
      }
    }
    expect([...counts.keys()].sort()).toEqual([2, 3, 4, 5, 6]);
    for (const count of counts.values()) expect(Math.abs(count - 1200)).toBeLessThan(120);
  });
});

describe('the slots of a block that are taught', () => {
  const reply = Uint8Array.from([0, 1, 1, 1, 0, 1, 1]);

  it('end where the reply does', () => {
    expect(taughtSlots({ reply }, 1, 6)).toBe(2);
    expect(taughtSlots({ reply }, 1, 1)).toBe(1);
  });

  it('reach the token that nobody has read, where it is known', () => {
    expect(taughtSlots({ reply }, 5, 6)).toBe(1);
    expect(taughtSlots({ reply, end: 2 }, 5, 6)).toBe(2);
    expect(anchorPlaces({ reply, end: 2 }), 'the last token read has one to guess').toContain(6);
  });
});
