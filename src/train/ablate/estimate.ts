/**
 * Figures of an ablation with their uncertainty. Prompts and seeds are both samples, so the bootstrap draws both anew
 * (1,000 times); a difference between arms takes the same ones of each, which pairs it by prompt and seed.
 */
import type { Interval } from '../../evaluate/bootstrap.ts';
import { quantile } from '../../evaluate/spread.ts';
import type { Decoded } from '../draft/decode-dialogues.ts';

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

/** NaN where nothing was measured. */
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

/**
 * What each idea adds, in tokens per pass: the mean of its effects without and with the other (the Shapley value of two
 * players), so that both add up to the total.
 */
export interface Shares {
  /** Both ideas against neither. */
  readonly total: Estimate;
  readonly decoupling: Idea;
  readonly stages: Idea;
  /** What both together add beyond what each adds alone. */
  readonly interaction: Estimate;
}

export interface Idea {
  readonly gain: Estimate;
  /** Of the total; it says something only where the total is surely above 0. */
  readonly share: Estimate;
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
    tokensPerPass: estimate(whole, random, (selection) => tokensPerPass(sample, task, selection)),
    bySeed,
    speedUp: estimate(timed(sample), random, (selection) => speedUp(sample, task, selection)),
  };
}

/** @param arms the four of the factorial, by which ideas they have */
export function estimateShares(
  arms: Readonly<Record<'both' | 'decoupling' | 'stages' | 'neither', ArmSample>>,
  task: Task,
  random: () => number,
): Shares {
  const { both, decoupling, stages, neither } = arms;
  const effect = (weights: readonly [number, number, number, number]) => (selection: Selection) =>
    [both, decoupling, stages, neither].reduce(
      (sum, arm, index) => sum + (weights[index] as number) * tokensPerPass(arm, task, selection),
      0,
    );
  const total = effect([1, 0, 0, -1]);
  const idea = (weights: readonly [number, number, number, number]): Idea => {
    const gain = effect(weights);
    return {
      gain: estimate(everything(both), random, gain),
      share: estimate(everything(both), random, (selection) => gain(selection) / total(selection)),
    };
  };
  return {
    total: estimate(everything(both), random, total),
    decoupling: idea([0.5, 0.5, -0.5, -0.5]),
    stages: idea([0.5, -0.5, 0.5, -0.5]),
    interaction: estimate(everything(both), random, effect([1, -1, -1, 1])),
  };
}

function estimate(
  whole: Selection,
  random: () => number,
  statistic: (selection: Selection) => number,
): Estimate {
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

const everything = (sample: ArmSample): Selection => selectionOf(sample, ({ decoded }) => decoded);

const timed = (sample: ArmSample): Selection => selectionOf(sample, ({ speedUps }) => speedUps);

function selectionOf(
  { text, visual }: ArmSample,
  listOf: (sample: SeedSample) => readonly unknown[],
): Selection {
  const promptsOf = ([first]: readonly SeedSample[]) =>
    first === undefined ? [] : indices(listOf(first));
  return { seeds: indices(text), text: promptsOf(text), visual: promptsOf(visual) };
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
      const ratios = sample[kind][seed]?.speedUps ?? [];
      return selection[kind].map((prompt) => Math.log(ratios[prompt] as number));
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
