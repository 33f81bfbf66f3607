import { describe, expect, it } from 'vitest';
import { bearOut, halfForgotten, UNTRIED } from './borne-out.ts';
import { uniform } from './uniform.ts';

/** What is believed after so many trees that bring so much of what was said with the factors in. */
function believedAfter(trees: number, tokens: number, ms: number) {
  let believed = UNTRIED;
  for (let i = 0; i < trees; i += 1) {
    const said = { tokens: 4 * believed.tokens, ms: 10 * believed.ms };
    const noise = 0.5 + uniform(3, i);
    believed = bearOut(believed, said, { tokens: 4 * tokens * noise, ms: 10 * ms });
  }
  return believed;
}

describe('what is foretold of trees', () => {
  it('is corrected to what came', () => {
    const { tokens, ms } = believedAfter(600, 0.8, 1.3);
    expect(tokens).toBeCloseTo(0.8, 1);
    expect(ms).toBeCloseTo(1.3, 1);
  });

  it('is believed half at least and hardly more than its word', () => {
    expect(believedAfter(600, 0.1, 9)).toMatchObject({ tokens: 0.5, ms: 2 });
    expect(believedAfter(600, 3, 0.2).tokens).toBe(1.1);
    expect(believedAfter(600, 3, 0.2).ms).toBeCloseTo(1 / 1.1);
  });

  it('is not undone by one round in which the machine slept', () => {
    const once = bearOut(believedAfter(100, 1, 1), { tokens: 4, ms: 10 }, { tokens: 4, ms: 1e6 });
    expect(once.ms).toBeLessThan(1.05);
  });

  it('is doubted half as much after a surprise', () => {
    expect(halfForgotten({ tokens: 0.6, ms: 1.4, seen: 9 })).toEqual({
      tokens: 0.8,
      ms: 1.2,
      seen: 0,
    });
  });
});
