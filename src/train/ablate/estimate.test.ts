import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uniform } from '../../decode/uniform.ts';
import { type ArmSample, estimateArm, estimateShares } from './estimate.ts';

/** Equal random numbers each time. */
function seeded(): () => number {
  let draws = 0;
  return () => uniform(7, draws++);
}

/** An arm that reads `passes` passes for each prompt of `tokens`, by seed. */
const armOf = (
  tokens: readonly number[],
  passesBySeed: readonly (readonly number[])[],
  speedUps: readonly number[] = [1],
): ArmSample => {
  const seeds = passesBySeed.map((passes) => ({
    decoded: tokens.map((count, prompt) => ({ tokens: count, passes: passes[prompt] as number })),
    speedUps,
  }));
  return { text: seeds, visual: [] };
};

/** An arm whose every prompt has these tokens for each of 10 passes, at two seeds. */
const flat = (tokensPerPass: number): ArmSample =>
  armOf(
    [10 * tokensPerPass, 10 * tokensPerPass],
    [
      [10, 10],
      [10, 10],
    ],
  );

describe('an arm', () => {
  const sample = armOf(
    [30, 10],
    [
      [10, 10],
      [5, 5],
    ],
  );

  it('has the tokens per pass of all prompts together, and their mean over the seeds', () => {
    const { tokensPerPass, bySeed } = estimateArm(sample, 'text', seeded());
    expect(bySeed).toEqual([2, 4]);
    expect(tokensPerPass.mean).toBe(3);
  });

  it('has an interval that reaches from its worst prompts and seeds to its best', () => {
    const { interval } = estimateArm(sample, 'text', seeded()).tokensPerPass;
    expect(interval).toEqual({ low: 1, high: 6 });
  });

  it('has an interval of no width where nothing differs', () => {
    const { interval } = estimateArm(flat(3), 'all', seeded()).tokensPerPass;
    expect(interval).toEqual({ low: 3, high: 3 });
  });

  it('has a speed-up by the geometric mean of the prompts that were timed, however few', () => {
    const timed = armOf(Array(50).fill(10), [Array(50).fill(5)], [0.5, 2]);
    const { mean, interval } = estimateArm(timed, 'text', seeded()).speedUp;
    expect(mean).toBeCloseTo(1, 12);
    expect(interval.low).toBeCloseTo(0.5, 12);
    expect(interval.high).toBeCloseTo(2, 12);
  });

  it('has no figures where nothing was measured', () => {
    expect(estimateArm(flat(3), 'visual', seeded()).tokensPerPass.mean).toBeNaN();
  });
});

describe('the shares of two ideas', () => {
  it('are the means of their effects without and with the other', () => {
    const arms = { both: flat(5), decoupling: flat(3), stages: flat(2.5), neither: flat(2) };
    const { total, decoupling, stages, interaction } = estimateShares(arms, 'text', seeded());
    expect(total.mean).toBeCloseTo(3, 12);
    expect(decoupling.gain.mean, '(5 - 2.5 + 3 - 2) / 2').toBeCloseTo(1.75, 12);
    expect(stages.gain.mean, '(5 - 3 + 2.5 - 2) / 2').toBeCloseTo(1.25, 12);
    expect(decoupling.share.mean).toBeCloseTo(1.75 / 3, 12);
    expect(interaction.mean, '5 - 3 - 2.5 + 2').toBeCloseTo(1.5, 12);
  });

  it('add up to the whole gain, whatever the four arms reach', () => {
    const passes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 3, maxLength: 3 });
    const arm = fc.tuple(passes, passes).map((bySeed) => armOf([20, 30, 40], bySeed));
    fc.assert(
      fc.property(arm, arm, arm, arm, (both, decoupling, stages, neither) => {
        const arms = { both, decoupling, stages, neither };
        const shares = estimateShares(arms, 'text', seeded());
        expect(shares.decoupling.gain.mean + shares.stages.gain.mean).toBeCloseTo(
          shares.total.mean,
          9,
        );
      }),
      { numRuns: 10 },
    );
  });

  it('are paired: what differs between prompts and seeds but not between arms widens nothing', () => {
    const scaled = (factor: number) => armOf([10, 40, 90], [[10, 10, 10].map((n) => n / factor)]);
    const arms = { both: scaled(2), decoupling: scaled(2), stages: scaled(1), neither: scaled(1) };
    const { total, decoupling, stages } = estimateShares(arms, 'text', seeded());
    expect(total.interval.high, 'the gain itself does vary').toBeGreaterThan(total.interval.low);
    for (const [found, wanted] of [
      [decoupling.share.interval, 1],
      [stages.gain.interval, 0],
    ] as const) {
      expect(found.low).toBeCloseTo(wanted, 12);
      expect(found.high).toBeCloseTo(wanted, 12);
    }
  });
});
