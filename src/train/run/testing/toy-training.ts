import type { TrainingState } from '../checkpoint.ts';
import { openRun } from '../open-run.ts';
import { options, PROVENANCE, stepRecord, validationRecord } from './run-fixtures.ts';

const SIZE = 1 << 16;
const VALIDATE_EVERY = 5;

function initialState(): TrainingState {
  const tensor = () => ({ shape: [SIZE], data: new Float32Array(SIZE).fill(0.5) });
  const tensors = new Map([
    ['weight', tensor()],
    ['moment', tensor()],
  ]);
  return { step: 0, tensors, counters: { drawn: 0 } };
}

/** As a real step: in place, and a function of the state and of (seed, step) alone. */
function takeStep({ tensors, counters }: TrainingState, step: number): TrainingState {
  const [weight, moment] = ['weight', 'moment'].map((name) => tensors.get(name)?.data) as [
    Float32Array,
    Float32Array,
  ];
  const drawn = (counters.drawn ?? 0) + 1;
  for (let i = 0; i < SIZE; i++) {
    moment[i] = (moment[i] as number) * 0.9 + Math.sin(step * 1.7 + drawn + i) * 0.1;
    weight[i] = (weight[i] as number) - 1e-2 * (moment[i] as number);
  }
  return { step, tensors, counters: { drawn } };
}

/**
 * Trains in a folder until `steps` are done, going on where it stopped.
 * @param onSaved told of each checkpoint once it is made
 */
export async function trainToy(
  dir: string,
  steps: number,
  checkpointEvery: number,
  onSaved: (step: number) => void,
): Promise<TrainingState> {
  const config = { ...Object(PROVENANCE.config), checkpointEvery };
  const run = await openRun(dir, { ...PROVENANCE, config }, options());
  let state = run.resumeFrom ?? initialState();
  onSaved(state.step);
  while (state.step < steps) {
    const step = state.step + 1;
    state = takeStep(state, step);
    await run.append(stepRecord(step, performance.now()));
    if (step % VALIDATE_EVERY === 0) await run.append(validationRecord(step, Math.cos(step)));
    if (step % checkpointEvery === 0 || step === steps) {
      const judged = step % VALIDATE_EVERY === 0 ? { validationLoss: Math.cos(step) } : {};
      await run.save({ ...state, ...judged });
      onSaved(step);
    }
  }
  await run.close();
  return state;
}
