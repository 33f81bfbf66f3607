import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Likely } from '../../contracts/target.ts';
import { createRecycledTokens } from './recycled-tokens.ts';

/** Rows of two likely tokens, the first e times as likely as the second. */
const rows = (...pairs: readonly [number, number][]): Likely => ({
  ids: Int32Array.from(pairs.flat()),
  logits: Float32Array.from(pairs.flatMap(() => [7, 6])),
  each: 2,
});
const tokensAfter = (recycled: ReturnType<typeof createRecycledTokens>, ...ending: number[]) =>
  recycled.after(ending).map(({ token }) => token);

describe('recycled tokens', () => {
  it('tell nothing of a token that was never seen', () => {
    expect(createRecycledTokens().after([1, 2])).toEqual([]);
  });

  it('tell the row that is named, likeliest first', () => {
    const recycled = createRecycledTokens();
    recycled.learn([1, 2], rows([5, 6], [7, 8]), 1);
    expect(tokensAfter(recycled, 1, 2)).toEqual([7, 8]);
  });

  it('go by the last two tokens where those were seen, else by the last one, and are surer of two', () => {
    const recycled = createRecycledTokens();
    recycled.learn([1, 2], rows([5, 6]), 0);
    recycled.learn([9, 2], rows([7, 8]), 0);
    expect(tokensAfter(recycled, 1, 2)[0]).toBe(5);
    expect(tokensAfter(recycled, 9, 2)[0]).toBe(7);
    expect(tokensAfter(recycled, 4, 2).length).toBe(2);
    const surest = (left: number) =>
      Math.max(...recycled.after([left, 2]).map((one) => one.chance));
    expect(surest(1)).toBeGreaterThan(surest(4));
  });

  it('follow what is seen again and again', () => {
    const recycled = createRecycledTokens();
    recycled.learn([1, 2], rows([5, 6]), 0);
    for (let i = 0; i < 20; i += 1) recycled.learn([1, 2], rows([7, 8]), 0);
    expect(tokensAfter(recycled, 1, 2)).toEqual([7, 8]);
    expect(tokensAfter(recycled, 3, 2)).toEqual([7, 8]);
  });

  it('give chances that are none below 0 and no more than 1 together', () => {
    const seen = fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.nat(5), fc.nat(5)), { maxLength: 40 });
    fc.assert(
      fc.property(seen, fc.nat(3), fc.nat(3), (texts, left, at) => {
        const recycled = createRecycledTokens();
        for (const [before, token, first, second] of texts) {
          recycled.learn([before, token], rows([first, second + 10]), 0);
        }
        const chances = recycled.after([left, at]).map(({ chance }) => chance);
        for (const chance of chances) expect(chance).toBeGreaterThanOrEqual(0);
        expect(chances.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('keep only the endings that were seen last', () => {
    const recycled = createRecycledTokens(null, 4); // two tokens, alone and behind another one
    for (const token of [1, 2, 3]) recycled.learn([0, token], rows([5, 6]), 0);
    expect(recycled.after([0, 1])).toEqual([]);
    expect(recycled.after([0, 3])).not.toEqual([]);
  });

  it('are gone when they are forgotten', () => {
    const recycled = createRecycledTokens();
    recycled.learn([1, 2], rows([5, 6]), 0);
    recycled.forget();
    expect(recycled.after([1, 2])).toEqual([]);
  });
});
