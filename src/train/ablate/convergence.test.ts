import { describe, expect, it } from 'vitest';
import type { ValidationFigures, ValidationRecord } from '../run/records.ts';
import { FACTORIAL } from './arms.ts';
import { convergenceOf, haveConverged, haveLearned } from './convergence.ts';

const figures = (loss: number): ValidationFigures => ({ dialogues: 1, loss, tokenLoss: loss });

/** Validations of a run of 100 steps. */
const records = (losses: Readonly<Record<number, number>>): ValidationRecord[] =>
  Object.entries(losses).map(([step, loss]) => ({
    kind: 'validation',
    step: Number(step),
    seconds: 0,
    all: figures(loss),
    text: figures(loss / 10),
    visual: figures(2),
  }));

describe('how far a loss moved', () => {
  it('is its change since the last fifth began', () => {
    const seen = records({ 0: 9, 60: 3, 80: 2, 90: 7, 100: 1.5 });
    expect(convergenceOf(FACTORIAL.both, seen, 100)).toMatchObject({ loss: 1.5, moved: -0.25 });
  });

  it('counts from before where no validation stands there', () => {
    const seen = records({ 0: 9, 60: 3, 81: 1.5, 100: 1.5 });
    expect(convergenceOf(FACTORIAL.both, seen, 100).moved).toBe(-0.5);
  });

  it('is judged by the kind of dialogues that the arm learns from', () => {
    const seen = records({ 80: 2, 100: 1 });
    expect(convergenceOf({ curriculum: 'text' }, seen, 100)).toEqual({
      loss: 0.1,
      fell: 0.5,
      moved: -0.5,
    });
    expect(convergenceOf({ curriculum: 'visual' }, seen, 100)).toEqual({
      loss: 2,
      fell: 0,
      moved: 0,
    });
  });

  it('is no number where the loss is none, and then nothing has converged', () => {
    const { moved } = convergenceOf(FACTORIAL.both, [], 100);
    expect(moved).toBeNaN();
    expect(haveConverged([moved])).toBe(false);
  });
});

it('an arm has learned if its loss came down by a tenth or more at every seed', () => {
  const seen = records({ 0: 9, 80: 8.9, 100: 8.9 });
  const { fell, moved } = convergenceOf(FACTORIAL.both, seen, 100);
  expect(haveConverged([moved]), 'whatever its last fifth did').toBe(true);
  expect(haveLearned([fell])).toBe(false);
  expect(haveLearned([0.1, 0.9])).toBe(true);
  expect(haveLearned([0.9, -0.2])).toBe(false);
  expect(haveLearned([Number.NaN])).toBe(false);
});

it('an arm has converged if its loss moved less than 2 % at every seed, up or down', () => {
  expect(haveConverged([0.019, -0.019, 0])).toBe(true);
  expect(haveConverged([0.02, 0])).toBe(false);
  expect(haveConverged([0, -0.021]), 'a fall counts too').toBe(false);
  expect(haveConverged([0.03, -0.03]), 'seeds do not make up for each other').toBe(false);
});
