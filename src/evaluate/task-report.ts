import { bootstrap, type Interval } from './bootstrap.ts';
import { type CountedPair, type PairFigures, passesOf } from './pair-figures.ts';
import type { BenchPrompt } from './prompt-set.ts';
import { median, type Spread, spread } from './spread.ts';

/** The prompts of one task together. */
export interface TaskReport {
  readonly task: string;
  readonly prompts: number;
  readonly pairs: number;
  /** Of decode time, over the task's pairs; null if none decoded anything. */
  readonly speedUp: (Spread & { readonly interval: Interval | null }) | null;
  readonly tokensPerPass: number;
  readonly tokensPerPassInterval: Interval | null;
  /** Share of the texts that go round in circles. */
  readonly looping: number;
  /** Tokens after the first by decode time, of all answers. */
  readonly tokensPerSecond: { readonly plain: number; readonly speculative: number };
  readonly lossless: boolean;
}

/** What stands for prompts without a task where others have one. */
const OTHER = 'without a task';

/**
 * By task, in the order of the prompts; empty where no prompt has one.
 * @param figures of each pair, in their order
 * @param random uniform in [0, 1), for the intervals
 */
export function taskReports(
  pairs: readonly CountedPair[],
  figures: readonly PairFigures[],
  prompts: readonly BenchPrompt[],
  random: () => number,
): TaskReport[] {
  if (prompts.every(({ task }) => task === undefined)) return [];
  const tasks = [...new Set(prompts.map(({ task = OTHER }) => task))];
  return tasks.flatMap((task) => {
    const isMine = ({ prompt }: { readonly prompt: number }) =>
      (prompts[prompt]?.task ?? OTHER) === task;
    const mine = pairs.filter(isMine);
    return mine.length === 0 ? [] : taskReport(task, mine, figures.filter(isMine), random);
  });
}

function taskReport(
  task: string,
  pairs: readonly CountedPair[],
  figures: readonly PairFigures[],
  random: () => number,
): TaskReport {
  const prompts = [...new Set(pairs.map(({ prompt }) => prompt))];
  const byPrompt = prompts.map((one) =>
    figures.flatMap(({ prompt, speedUp }) => (prompt === one ? (speedUp ?? []) : [])),
  );
  const speedUp = spread(byPrompt.flat());
  const rate = (side: 'plain' | 'speculative') => {
    const tokens = pairs.reduce((sum, pair) => sum + Math.max(0, pair[side].ids.length - 1), 0);
    const ms = figures.reduce((sum, pair) => sum + pair[side].decode, 0);
    return ms === 0 ? 0 : (1000 * tokens) / ms;
  };
  return {
    task,
    prompts: prompts.length,
    pairs: pairs.length,
    speedUp: speedUp && { ...speedUp, interval: bootstrap(byPrompt, median, random) },
    tokensPerPass: speculativeTokensPerPass(pairs),
    tokensPerPassInterval: tokensPerPassInterval(pairs, random),
    looping: pairs.filter(({ loops }) => loops).length / pairs.length,
    tokensPerSecond: { plain: rate('plain'), speculative: rate('speculative') },
    lossless: figures.every(({ differsAt }) => differsAt === null),
  };
}

/** Of the tokens that a pass gives, over prompts and their pairs. */
export function tokensPerPassInterval(
  pairs: readonly CountedPair[],
  random: () => number,
): Interval | null {
  const prompts = [...new Set(pairs.map(({ prompt }) => prompt))];
  const byPrompt = prompts.map((one) => pairs.filter(({ prompt }) => prompt === one));
  return bootstrap(byPrompt, speculativeTokensPerPass, random);
}

const speculativeTokensPerPass = (pairs: readonly CountedPair[]): number =>
  passesOf(pairs.map(({ speculative }) => speculative)).tokensPerPass;
