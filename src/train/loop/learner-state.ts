import { RunFolderError } from '../../contracts/errors.ts';
import type { Learner } from '../../learn/learner.ts';
import type { StateTensor, TrainingState } from '../run/checkpoint.ts';

/** What a checkpoint keeps of a learner: each weight, and both of its moments. */
export function learnerState({ weights, moments, step }: Learner): Omit<TrainingState, 'counters'> {
  const tensors = new Map<string, StateTensor>();
  for (const [name, data] of weights) {
    const shape = [data.length];
    tensors.set(`weight.${name}`, { shape, data });
    const { mean, square } = moments.get(name) as { mean: Float32Array; square: Float32Array };
    tensors.set(`mean.${name}`, { shape, data: mean });
    tensors.set(`square.${name}`, { shape, data: square });
  }
  return { step, tensors };
}

/** Puts a learner where a checkpoint left it, in place. */
export function restoreLearner(learner: Learner, { step, tensors }: TrainingState): void {
  const put = (name: string, into: Float32Array | undefined) => {
    const stored = tensors.get(name)?.data;
    if (stored === undefined || stored.length !== into?.length) {
      throw new RunFolderError(
        name,
        'the checkpoint does not fit what is trained; choose a new folder.',
      );
    }
    into.set(stored);
  };
  for (const [name, data] of learner.weights) {
    put(`weight.${name}`, data);
    put(`mean.${name}`, learner.moments.get(name)?.mean);
    put(`square.${name}`, learner.moments.get(name)?.square);
  }
  learner.step = step;
}
