import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDraws, type Draws } from './draw.ts';

const DRAWS: Draws = { seed: 1, batch: 8, text: 30, visual: 20, shareAt: () => 0.5 };

describe('the dialogues of a step', () => {
  it('depend on seed and step alone, not on what was drawn before', () => {
    const steps = fc.array(fc.nat(500), { minLength: 1, maxLength: 20 });
    const property = fc.property(steps, (order) => {
      const draw = createDraws(DRAWS);
      for (const step of order) expect(draw(step)).toEqual(createDraws(DRAWS)(step));
    });
    fc.assert(property);
  });

  it('differ from seed to seed', () => {
    expect(createDraws({ ...DRAWS, seed: 2 })(0)).not.toEqual(createDraws(DRAWS)(0));
  });

  it('take all of a kind before one comes again', () => {
    const draw = createDraws({ ...DRAWS, batch: 10, shareAt: () => 0 });
    const pass = [0, 1, 2].flatMap((step) => draw(step).map(({ index }) => index));
    expect(pass.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });

  it('are of the kinds that the share asks for', () => {
    const shareOf = (wanted: number) => {
      const draw = createDraws({ ...DRAWS, shareAt: () => wanted });
      const drawn = Array.from({ length: 500 }, (_, step) => draw(step)).flat();
      return drawn.filter(({ kind }) => kind === 'visual').length / drawn.length;
    };
    expect(shareOf(0)).toBe(0);
    expect(shareOf(1)).toBe(1);
    expect(Math.abs(shareOf(0.3) - 0.3)).toBeLessThan(0.03); // four standard deviations of 4,000 coins
  });

  it('never come from a kind without dialogues when it is not asked for', () => {
    const draw = createDraws({ ...DRAWS, visual: 0, shareAt: () => 0 });
    expect(draw(3).every(({ kind }) => kind === 'text')).toBe(true);
  });
});
