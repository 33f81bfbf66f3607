/**
 * Figures of an ablation with their uncertainty. Prompts and seeds are both samples, so the bootstrap draws both anew
 * (1,000 times), and the same ones for all arms, so that differences between arms are paired.
 */
import type { Interval } from '../../evaluate/bootstrap.ts';
import { quantile } from '../../evaluate/spread.ts';
import type { Decoded } from '../validate/decode-dialogues.ts';

export const TASKS = ['all', 'text', 'visual'] as const;
export type Task = (typeof TASKS)[number];

/** What was measured of an arm, by seed. */
export interface ArmSample {
  readonly text: readonly SeedSample[];
  readonly visual: readonly SeedSample[];
}

export interface SeedSample {
  /** One for each prompt, the same prompts in all arms and seeds. */
  readonly decoded: readonly Decoded[];
  /** Plain decoding's time over the draft's, one for each timed prompt. */
  readonly speedUps: readonly number[];
}

export interface Estimate {
  readonly mean: number;
  readonly interval: Interval;
}

/** Figures of an arm on a task. */
export interface TaskFigures {
  readonly tokensPerPass: Estimate;
  readonly bySeed: readonly number[];
  readonly speedUp: Estimate;
}

/** What each idea adds, in tokens per pass: the mean of its effects without and with the other. */
export interface Shares {
  /** Both ideas against neither. */
  readonly total: Estimate;
  readonly decoupling: Estimate;
  readonly stages: Estimate;
  /** What both together add beyond what each adds alone. */
  readonly interaction: Estimate;
}

const RESAMPLES = 1000;

/** Which seeds and prompts are looked at. */
interface Selection {
  readonly seeds: readonly number[];
  readonly text: readonly number[];
  readonly visual: readonly number[];
}

export function estimateArm(sample: ArmSample, task: Task, random: () => number): TaskFigures {
  const whole = everything(sample);
  const bySeed = whole.seeds.map((seed) =>
    tokensPerPass(sample, task, { ...whole, seeds: [seed] }),
  );
  return {
    tokensPerPass: estimate([sample], random, (selection) =>
      tokensPerPass(sample, task, selection),
    ),
    bySeed,
    speedUp: estimate([sample], random, (selection) => speedUp(sample, task, selection)),
  };
}

/** @param arms the four of the factorial, by which ideas they have */
export function estimateShares(
  arms: Readonly<Record<'both' | 'decoupling' | 'stages' | 'neither', ArmSample>>,
  task: Task,
  random: () => number,
): Shares {
  const { both, decoupling, stages, neither } = arms;
  const of = (weights: readonly [number, number, number, number]) =>
    estimate([both, decoupling, stages, neither], random, (selection) =>
      [both, decoupling, stages, neither].reduce(
        (sum, arm, index) => sum + (weights[index] as number) * tokensPerPass(arm, task, selection),
        0,
      ),
    );
  return {
    total: of([1, 0, 0, -1]),
    decoupling: of([0.5, 0.5, -0.5, -0.5]),
    stages: of([0.5, -0.5, 0.5, -0.5]),
    interaction: of([1, -1, -1, 1]),
  };
}

function estimate(
  samples: readonly ArmSample[],
  random: () => number,
  statistic: (selection: Selection) => number,
): Estimate {
  const whole = everything(samples[0] as ArmSample);
  const values = Array.from({ length: RESAMPLES }, () =>
    statistic({
      seeds: redrawn(whole.seeds, random),
      text: redrawn(whole.text, random),
      visual: redrawn(whole.visual, random),
    }),
  );
  const interval = { low: quantile(values, 0.025), high: quantile(values, 0.975) };
  return { mean: statistic(whole), interval };
}

function everything({ text, visual }: ArmSample): Selection {
  return {
    seeds: indices(text),
    text: indices(text[0]?.decoded ?? []),
    visual: indices(visual[0]?.decoded ?? []),
  };
}

/** Mean over seeds of all tokens over all passes. */
function tokensPerPass(sample: ArmSample, task: Task, selection: Selection): number {
  const ofSeed = (seed: number): number => {
    let [tokens, passes] = [0, 0];
    for (const kind of kindsOf(task)) {
      for (const prompt of selection[kind]) {
        const decoded = sample[kind][seed]?.decoded[prompt];
        tokens += decoded?.tokens ?? 0;
        passes += decoded?.passes ?? 0;
      }
    }
    return tokens / passes;
  };
  return mean(selection.seeds.map(ofSeed));
}

/** Geometric mean over seeds and timed prompts. */
function speedUp(sample: ArmSample, task: Task, selection: Selection): number {
  const logs = selection.seeds.flatMap((seed) =>
    kindsOf(task).flatMap((kind) => {
      const timed = sample[kind][seed]?.speedUps ?? [];
      return selection[kind].flatMap((prompt) => {
        const ratio = timed[prompt];
        return ratio === undefined ? [] : [Math.log(ratio)];
      });
    }),
  );
  return Math.exp(mean(logs));
}

const kindsOf = (task: Task): readonly ('text' | 'visual')[] =>
  task === 'all' ? ['text', 'visual'] : [task];

const indices = (list: readonly unknown[]): number[] => list.map((_, index) => index);

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function redrawn(indices: readonly number[], random: () => number): number[] {
  return indices.map(() => indices[Math.floor(random() * indices.length)] as number);
}
