import { median } from '../../evaluate/spread.ts';
import { type Arm, FACTORIAL } from './arms.ts';
import { haveConverged, haveLearned } from './convergence.ts';
import {
  type ArmSample,
  estimateArm,
  estimateShares,
  type Shares,
  TASKS,
  type Task,
  type TaskFigures,
} from './estimate.ts';
import type { ArmResult } from './run-ablation.ts';

/** What an ablation found. Plain JSON. */
export interface Ablation {
  readonly seeds: number;
  readonly prompts: { readonly text: number; readonly visual: number; readonly timed: number };
  readonly arms: readonly AblationArm[];
  /** Of the gain, by task; null where one of the four arms has not been trained, or has not converged. */
  readonly shares: Readonly<Record<Task, Shares>> | null;
}

export interface AblationArm {
  readonly name: string;
  readonly fusion: Arm['fusion'];
  readonly curriculum: Arm['curriculum'];
  /** Whether the validation loss came down by 10 % or more of what it was before the first step, at every seed. */
  readonly trained: boolean;
  /** Whether the validation loss moved less than 2 % in the last fifth, at every seed. */
  readonly converged: boolean;
  /** Share of the first loss that is gone, relative change of the loss in the last fifth, and the loss, by seed. */
  readonly fell: readonly number[];
  readonly moved: readonly number[];
  readonly loss: readonly number[];
  readonly tasks: Readonly<Record<Task, TaskFigures>>;
  /** Medians of the seeds: one that ran while the machine was busy tells nothing of the arm. */
  readonly steps: number;
  readonly replyTokens: number;
  readonly rows: number;
  readonly share: number;
  readonly seconds: number;
  readonly peakBytes: number;
}

/** @param random uniform in [0, 1), for the bootstrap */
export function ablationOf(results: readonly ArmResult[], random: () => number): Ablation {
  const names = [...new Set(results.map(({ run }) => run.arm.name))];
  const resultsOf = (name: string) => results.filter(({ run }) => run.arm.name === name);
  const arms = names.map((name) => armOf(resultsOf(name), random));
  const counts = Object.values(FACTORIAL).every(({ name }) =>
    arms.some((arm) => arm.name === name && arm.trained && arm.converged),
  );
  const sample = ({ name }: Arm) => sampleOf(resultsOf(name));
  const four = {
    both: sample(FACTORIAL.both),
    decoupling: sample(FACTORIAL.decoupling),
    stages: sample(FACTORIAL.stages),
    neither: sample(FACTORIAL.neither),
  };
  const [first] = results;
  return {
    seeds: four.both.text.length,
    prompts: {
      text: first?.text.decoded.length ?? 0,
      visual: first?.visual.decoded.length ?? 0,
      timed: (first?.text.speedUps.length ?? 0) + (first?.visual.speedUps.length ?? 0),
    },
    arms,
    shares: counts ? byTask((task) => estimateShares(four, task, random)) : null,
  };
}

function armOf(results: readonly ArmResult[], random: () => number): AblationArm {
  const { arm } = (results[0] as ArmResult).run;
  const sample = sampleOf(results);
  const middle = (of: (result: ArmResult) => number) => median(results.map(of));
  const total = (steps: ArmResult['steps'], of: (step: ArmResult['steps'][number]) => number) =>
    steps.reduce((sum, step) => sum + of(step), 0);
  const moved = results.map(({ convergence }) => convergence.moved);
  const fell = results.map(({ convergence }) => convergence.fell);
  return {
    name: arm.name,
    fusion: arm.fusion,
    curriculum: arm.curriculum,
    trained: haveLearned(fell),
    converged: haveConverged(moved),
    fell,
    moved,
    loss: results.map(({ convergence }) => convergence.loss),
    tasks: byTask((task) => estimateArm(sample, task, random)),
    steps: middle(({ steps }) => steps.length),
    replyTokens: middle(({ steps }) => total(steps, ({ replyTokens }) => replyTokens)),
    rows: middle(({ steps }) => total(steps, ({ rows }) => rows)),
    share: middle(({ run }) => run.length.share),
    seconds: middle(({ steps }) => total(steps, ({ seconds }) => seconds)),
    peakBytes: middle(({ peakBytes }) => peakBytes),
  };
}

const sampleOf = (results: readonly ArmResult[]): ArmSample => ({
  text: results.map(({ text }) => text),
  visual: results.map(({ visual }) => visual),
});

function byTask<T>(of: (task: Task) => T): Record<Task, T> {
  return Object.fromEntries(TASKS.map((task) => [task, of(task)])) as Record<Task, T>;
}
