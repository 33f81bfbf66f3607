/**
 * The part of a training step that draft and target share: run the graph over the groups of a batch, each adding to
 * the gradients of those before it, then clip and take one step of AdamW. Weights and moments stay where they are.
 */
import { floatsOf, floatTensor, type Session, type Tensor } from '../../contracts/session.ts';
import { type AdamSettings, adamStep, type Moments } from '../optimise/adamw.ts';
import { clipFactor, globalNorm } from '../optimise/clip.ts';
import type { LearnedWeight } from './backward.ts';

export interface Learner {
  /** By the weights' names. Changed in place by `step`. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly moments: ReadonlyMap<string, Moments>;
  /** Steps taken. */
  step: number;
}

/** What a step is fed: one set of inputs for each group. */
export type Feeds = Readonly<Record<string, Tensor>>;

export interface StepSettings {
  readonly adam: AdamSettings;
  /** Longest allowed gradient. */
  readonly clip: number;
  /** Learning rate of a weight in this step. */
  readonly rate: (weight: string) => number;
}

export interface LearningGraph {
  readonly session: Session;
  readonly learned: readonly LearnedWeight[];
  /** Outputs of one number that are summed over the groups. */
  readonly sums: readonly string[];
}

/** Sums of a step's outputs over its groups, and the gradient's norm before clipping. */
export interface StepResult {
  readonly sums: Readonly<Record<string, number>>;
  readonly gradNorm: number;
}

/** Takes steps over a learner's weights. */
export function createStep(
  { session, learned, sums }: LearningGraph,
  learner: Learner,
): (groups: Iterable<Feeds>, settings: StepSettings) => Promise<StepResult> {
  const weights = Object.fromEntries(
    learned.map(({ name, shape, input }) => [
      input,
      floatTensor(learner.weights.get(name) as Float32Array, shape),
    ]),
  );
  const zeros = learned.map(({ shape }) => floatTensor(new Float32Array(size(shape)), shape));
  const outputs = [...sums, ...learned.map(({ gradient }) => gradient)];

  return async (groups, { adam, clip, rate }) => {
    const totals = Object.fromEntries(sums.map((name) => [name, 0]));
    let before: Tensor[] = zeros;
    for (const feeds of groups) {
      const carried = Object.fromEntries(learned.map((weight, i) => [weight.before, before[i]]));
      const result = await session.run(
        { ...feeds, ...weights, ...(carried as Record<string, Tensor>) },
        outputs,
      );
      for (const name of sums)
        totals[name] = (totals[name] ?? 0) + (floatsOf(result, name)[0] ?? 0);
      before = learned.map(({ gradient }) => result[gradient] as Tensor);
    }
    const gradients = before.map(({ data }) => data as Float32Array);
    const gradNorm = globalNorm(gradients);
    if (Number.isFinite(gradNorm)) {
      learner.step++;
      const factor = clipFactor(gradNorm, clip);
      for (const [index, { name }] of learned.entries()) {
        const weight = learner.weights.get(name) as Float32Array;
        const moments = learner.moments.get(name) as Moments;
        const gradient = gradients[index] as Float32Array;
        adamStep(weight, gradient, moments, learner.step, rate(name), factor, adam);
      }
    }
    return { sums: totals, gradNorm };
  };
}

const size = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);
