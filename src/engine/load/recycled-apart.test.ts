import { describe, expect, it } from 'vitest';
import { createNoDrafter } from '../../draft/none.ts';
import { createRecycledTokens } from '../../draft/recycle/recycled-tokens.ts';
import { createRecycledApart, drafterWithin } from './recycled-apart.ts';

const LIKELY = { ids: Int32Array.of(5, 6), logits: Float32Array.of(2, 1), each: 2 };
const NONE = () => createRecycledTokens();

function knowing() {
  const recycled = createRecycledApart(() => createRecycledTokens());
  recycled.learn([1, 2], LIKELY, 0);
  return { recycled, known: () => recycled.after([1, 2]).length };
}

describe('recycled tokens', () => {
  it('are those of one answer while that guesses, and then all again', () => {
    const { recycled, known } = knowing();
    const own = NONE();
    expect(recycled.within(own, known)).toBe(0);
    own.learn([1, 2], LIKELY, 0);
    expect(recycled.within(own, known)).toBe(2);
    recycled.forget();
    expect(known()).toBe(0);
    expect(recycled.within(own, known)).toBe(2);
  });

  it('are all again after guessing that failed', () => {
    const { recycled, known } = knowing();
    const fail = () => {
      throw new Error('no');
    };
    expect(() => recycled.within(NONE(), fail)).toThrow('no');
    expect(known()).toBe(2);
  });

  it.each(['ends', 'fails'])('are those of one answer until a drafter’s run %s', async (how) => {
    const { recycled, known } = knowing();
    const seen: number[] = [];
    const drafter = {
      ...createNoDrafter(),
      recycles: true,
      async run() {
        await Promise.resolve();
        seen.push(known());
        if (how === 'fails') throw new Error('no');
        return [];
      },
    };
    await drafterWithin(drafter, recycled, NONE())
      .run([])
      .catch(() => {});
    expect(seen).toEqual([0]);
    expect(known()).toBe(2);
  });
});
