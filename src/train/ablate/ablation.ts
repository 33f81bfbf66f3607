import { type Arm, FACTORIAL } from './arms.ts';
import { hasConverged } from './convergence.ts';
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
  /** Of the gain, by task; null where one of the four arms has not converged. */
  readonly shares: Readonly<Record<Task, Shares>> | null;
}

export interface AblationArm {
  readonly name: string;
  readonly fusion: Arm['fusion'];
  readonly curriculum: Arm['curriculum'];
  /** Whether the validation loss moved less than 2 % in the last fifth, on the mean of the seeds. */
  readonly converged: boolean;
  readonly moved: number;
  readonly loss: number;
  readonly tasks: Readonly<Record<Task, TaskFigures>>;
  /** Means over the seeds. */
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
  const arms = names.map((name) =>
    armOf(
      results.filter(({ run }) => run.arm.name === name),
      random,
    ),
  );
  const factorial = Object.values(FACTORIAL).map(({ name }) =>
    arms.find((arm) => arm.name === name),
  );
  const counts = factorial.every((arm) => arm?.converged);
  const sample = (arm: Arm) => sampleOf(results.filter(({ run }) => run.arm.name === arm.name));
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
  const mean = (of: (result: ArmResult) => number) =>
    results.reduce((sum, result) => sum + of(result), 0) / results.length;
  const moved = mean(({ convergence }) => convergence.moved);
  return {
    name: arm.name,
    fusion: arm.fusion,
    curriculum: arm.curriculum,
    converged: hasConverged(moved),
    moved,
    loss: mean(({ convergence }) => convergence.loss),
    tasks: byTask((task) => estimateArm(sample, task, random)),
    steps: mean(({ run }) => run.length.steps),
    replyTokens: mean(({ run }) => run.length.replyTokens),
    rows: mean(({ rows }) => rows),
    share: mean(({ run }) => run.length.share),
    seconds: mean(({ seconds }) => seconds),
    peakBytes: mean(({ peakBytes }) => peakBytes),
  };
}

const sampleOf = (results: readonly ArmResult[]): ArmSample => ({
  text: results.map(({ text }) => text),
  visual: results.map(({ visual }) => visual),
});

function byTask<T>(of: (task: Task) => T): Record<Task, T> {
  return Object.fromEntries(TASKS.map((task) => [task, of(task)])) as Record<Task, T>;
}
