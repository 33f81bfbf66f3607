import { expect, it } from 'vitest';
import { TrainingDivergedError } from '../../contracts/errors.ts';
import { checkStep } from './check-step.ts';

const places = [5, 6, 7, 8].map((index) => ({ file: 'a.json', index }));
const figures = { step: 12, loss: 1, gradNorm: 2 };

it('lets a step with finite figures pass', () => {
  expect(() => checkStep(figures, places, undefined)).not.toThrow();
});

it.each([
  ['loss', Number.NaN, 'the loss is NaN'],
  ['gradNorm', Number.POSITIVE_INFINITY, "the gradient's norm is Infinity"],
])('stops a run whose %s is %s, and says what to do', (figure, value, what) => {
  let thrown: unknown;
  try {
    checkStep({ ...figures, [figure]: value }, places, '/run/checkpoints/step-000010');
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(TrainingDivergedError);
  expect(thrown).toMatchObject({
    step: 12,
    places,
    lastGood: '/run/checkpoints/step-000010',
    message: `Step 12: ${what}; start a new run with a lower learning rate, or look at its dialogues (a.json record 5, a.json record 6, a.json record 7 and 1 more). The last good checkpoint is /run/checkpoints/step-000010.`,
  });
});
