/**
 * The part of a training step that draft and target share: run the graph over the groups of a batch, each adding to
 * the gradients of those before it, then clip and take one step of AdamW. Weights and moments stay where they are.
 */
import {
  type Feeds,
  floatsOf,
  floatTensor,
  type Session,
  type Tensor,
} from '../contracts/session.ts';
import type { LearnedWeight } from './backward.ts';
import { type AdamSettings, adamStep, type Moments } from './optimise/adamw.ts';
import { clipFactor, globalNorm } from './optimise/clip.ts';

export interface Learner {
  /** By the weights' names. Changed in place by `step`. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly moments: ReadonlyMap<string, Moments>;
  /** Steps taken. */
  step: number;
}

/** A learner that has taken no step. */
export function newLearner(weights: ReadonlyMap<string, Float32Array>): Learner {
  const moments = new Map(
    [...weights].map(([name, { length }]) => [
      name,
      { mean: new Float32Array(length), square: new Float32Array(length) },
    ]),
  );
  return { weights, moments, step: 0 };
}

/** One run of a step over a group of dialogues. Runs of a step may read different ones of the learner's weights. */
export interface StepRun {
  readonly learned: readonly LearnedWeight[];
  /** Outputs of one number that are summed over the runs. */
  readonly sums: readonly string[];
  /**
   * Sums and gradients, by the names of their outputs.
   * @param weights those that learn and their gradients so far, by the names of their inputs
   */
  readonly run: (weights: Feeds) => Promise<Readonly<Record<string, Tensor>>>;
}

/** A graph with gradients. */
export interface LearningGraph extends Pick<StepRun, 'learned' | 'sums'> {
  readonly session: Session;
}

/** The run of a graph that is fed a group. */
export function runOf({ session, learned, sums }: LearningGraph, feeds: Feeds): StepRun {
  const outputs = [...sums, ...learned.map(({ gradient }) => gradient)];
  return { learned, sums, run: (weights) => session.run({ ...feeds, ...weights }, outputs) };
}

export interface StepSettings {
  readonly adam: AdamSettings;
  /** Longest allowed gradient. */
  readonly clip: number;
  /** Learning rate of a weight in this step. */
  readonly rate: (weight: string) => number;
}

/** Sums of a step's outputs over its runs, and the gradient's norm before clipping. */
export interface StepResult {
  readonly sums: Readonly<Record<string, number>>;
  readonly gradNorm: number;
}

/**
 * Takes steps over a learner's weights. A weight that no run of a step reads keeps its value and its moments. A step
 * whose gradient is not finite changes nothing.
 */
export function createStep(
  learner: Learner,
): (runs: Iterable<StepRun>, settings: StepSettings) => Promise<StepResult> {
  // The same objects every time, so that the runtime keeps its view of their memory.
  const tensors = new Map<string, { weight: Tensor; zero: Tensor }>();
  const tensorsOf = ({ name, shape }: LearnedWeight) => {
    const data = learner.weights.get(name) as Float32Array;
    const known = tensors.get(name) ?? {
      weight: floatTensor(data, shape),
      zero: floatTensor(new Float32Array(data.length), shape),
    };
    tensors.set(name, known);
    return known;
  };

  return async (runs, settings) => {
    const totals: Record<string, number> = {};
    const gradients = new Map<string, Tensor>();
    for (const { learned, sums, run } of runs) {
      const given: Record<string, Tensor> = {};
      for (const weight of learned) {
        const { weight: value, zero } = tensorsOf(weight);
        given[weight.input] = value;
        given[weight.before] = gradients.get(weight.name) ?? zero;
      }
      const result = await run(given);
      for (const name of sums) totals[name] = (totals[name] ?? 0) + onlyNumber(result, name);
      for (const { name, gradient } of learned) gradients.set(name, result[gradient] as Tensor);
    }
    const gradNorm = globalNorm([...gradients.values()].map(({ data }) => data as Float32Array));
    if (Number.isFinite(gradNorm)) descend(learner, gradients, gradNorm, settings);
    return { sums: totals, gradNorm };
  };
}

function descend(
  learner: Learner,
  gradients: ReadonlyMap<string, Tensor>,
  norm: number,
  { adam, clip, rate }: StepSettings,
): void {
  learner.step++;
  const factor = clipFactor(norm, clip);
  for (const [name, { data }] of gradients) {
    const weight = learner.weights.get(name) as Float32Array;
    const moments = learner.moments.get(name) as Moments;
    adamStep(weight, data as Float32Array, moments, learner.step, rate(name), factor, adam);
  }
}

const onlyNumber = (outputs: Feeds, name: string): number => floatsOf(outputs, name)[0] as number;
