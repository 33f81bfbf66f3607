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

  it('go by as many of the last tokens as were seen, and are surer of more', () => {
    const recycled = createRecycledTokens();
    recycled.learn([1, 2], rows([5, 6]), 0);
    recycled.learn([3, 9, 2], rows([7, 8]), 0);
    recycled.learn([4, 9, 2], rows([5, 6]), 0);
    expect(tokensAfter(recycled, 1, 2)[0]).toBe(5);
    expect(tokensAfter(recycled, 3, 9, 2)[0]).toBe(7);
    expect(tokensAfter(recycled, 4, 9, 2)[0]).toBe(5);
    const surest = (...ending: number[]) => recycled.after(ending)[0]?.chance as number;
    expect(surest(1, 2)).toBeGreaterThan(surest(8, 2));
    expect(surest(4, 9, 2)).toBeGreaterThan(surest(8, 9, 2));
  });

  it('follow what is seen again and again', () => {
    const recycled = createRecycledTokens();
    recycled.learn([1, 2], rows([5, 6]), 0);
    for (let i = 0; i < 20; i += 1) recycled.learn([1, 2], rows([7, 8]), 0);
    expect(tokensAfter(recycled, 1, 2).slice(0, 2)).toEqual([7, 8]);
    expect(tokensAfter(recycled, 3, 2).slice(0, 2)).toEqual([7, 8]);
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

  it('begin with what a table tells, learn on from there, and go back to it', () => {
    const told = { times: 2, law: [{ token: 5, chance: 0.9 }] };
    const table = { find: (ending: readonly number[]) => (`${ending}` === '2' ? told : undefined) };
    const recycled = createRecycledTokens(table);
    const before = recycled.after([1, 2]);
    expect(before.map(({ token }) => token)).toEqual([5]);
    for (let i = 0; i < 3; i += 1) recycled.learn([1, 2], rows([7, 8]), 0);
    expect(tokensAfter(recycled, 4, 2)).toEqual([7, 8, 5]);
    recycled.forget();
    expect(recycled.after([1, 2])).toEqual(before);
  });

  it('believe a table the longer, the oftener it had seen an ending', () => {
    const likeliest = (times: number) => {
      const told = { times, law: [{ token: 5, chance: 0.9 }] };
      const recycled = createRecycledTokens({
        find: ([token]) => (token === 2 ? told : undefined),
      });
      recycled.learn([2], rows([7, 8]), 0);
      return tokensAfter(recycled, 2)[0];
    };
    expect([likeliest(1), likeliest(40)]).toEqual([7, 5]);
  });

  it('are gone when they are forgotten', () => {
    const recycled = createRecycledTokens();
    recycled.learn([1, 2], rows([5, 6]), 0);
    recycled.forget();
    expect(recycled.after([1, 2])).toEqual([]);
  });
});
