import { describe, expect, it } from 'vitest';
import { newLearner } from '../../learn/learner.ts';
import { learnerState, restoreLearner } from './learner-state.ts';

const learner = () =>
  newLearner(
    new Map([
      ['a', Float32Array.of(1, 2)],
      ['b', Float32Array.of(3)],
    ]),
  );

describe('a learner', () => {
  it('comes back as it was saved, in the arrays that it had', () => {
    const saved = learner();
    saved.step = 12;
    saved.moments.get('a')?.mean.set([0.5, -0.5]);
    saved.moments.get('b')?.square.set([0.25]);
    const restored = learner();
    const array = restored.weights.get('a');
    restored.weights.get('a')?.fill(0);
    restoreLearner(restored, { ...learnerState(saved), counters: {} });
    expect(restored).toEqual(saved);
    expect(restored.weights.get('a'), 'the runtime keeps its view').toBe(array);
  });

  it('refuses the state of another network, and names what does not fit', () => {
    const state = learnerState(newLearner(new Map([['a', Float32Array.of(1)]])));
    expect(() => restoreLearner(learner(), { ...state, counters: {} })).toThrow(/weight\.a/);
  });
});
