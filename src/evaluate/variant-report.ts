import type { GenerateResult } from '../contracts/generate.ts';
import { tokensPerSecond } from './answer-speed.ts';
import { bootstrap, type Interval } from './bootstrap.ts';
import {
  type CalibrationReport,
  calibration,
  type DepthReport,
  depthReports,
} from './depth-report.ts';
import { whoDrafts } from './figures.ts';
import {
  type CountedPair,
  countPair,
  type PairFigures,
  pairFigures,
  passesOf,
  type SideFigures,
} from './pair-figures.ts';
import type { Pair, Side } from './paired-runs.ts';
import type { BenchPrompt } from './prompt-set.ts';
import { median, type Spread, spread } from './spread.ts';
import { type TaskReport, taskReports, tokensPerPassInterval } from './task-report.ts';

/** A drafter and tree against plain decoding. Times are milliseconds. */
export interface VariantReport {
  readonly drafter: string;
  /** `T,D,K`, `auto`, or `plain`. */
  readonly tree: string;
  /** For `auto`: what it held best at the last answer, and why. */
  readonly choice: string | null;
  /** Of decode time, over all pairs; null if none decoded anything. */
  readonly speedUp: (Spread & { readonly interval: Interval | null }) | null;
  /**
   * Of the fastest plain over the fastest speculative answer of each prompt, the median: noise only ever adds time, so
   * this holds still on a busy machine.
   */
  readonly fastestSpeedUp: number | null;
  /** Of the time from request to last token. */
  readonly wholeSpeedUp: Spread | null;
  /** Whether every answer was plain's, token for token. */
  readonly lossless: boolean;
  readonly passes: number;
  /** All (ids - 1) over all passes, its interval by bootstrap over prompts. */
  readonly tokensPerPass: number;
  readonly tokensPerPassInterval: Interval | null;
  /** Share of the texts that go round in circles; figures count them up to there. */
  readonly looping: number;
  readonly depths: readonly DepthReport[];
  /** Empty where the draft does not tell its probabilities. */
  readonly calibration: readonly CalibrationReport[];
  /** Rounds by tree. */
  readonly trees: Readonly<Record<string, number>>;
  /** Mean times of an answer. */
  readonly perAnswer: { readonly plain: SideFigures; readonly speculative: SideFigures };
  /** Tokens a second after the first, medians of answers; null where none had more than one. */
  readonly tokensPerSecond: { readonly plain: number | null; readonly speculative: number | null };
  /** From request to first token, medians. */
  readonly firstToken: { readonly plain: number; readonly speculative: number };
  readonly hostPerRound: { readonly plain: Spread | null; readonly speculative: Spread | null };
  /** Empty where no prompt has a task. */
  readonly tasks: readonly TaskReport[];
  readonly prompts: readonly PromptReport[];
  readonly pairs: readonly PairFigures[];
}

/** One prompt's pairs; times and speed-up are medians. */
export interface PromptReport {
  /** In the set, from 0. */
  readonly index: number;
  readonly task?: string;
  readonly name: string;
  readonly images: number;
  readonly promptTokens: number;
  /** Of the last speculative answer. */
  readonly tokens: number;
  readonly passes: number;
  readonly tokensPerPass: number;
  readonly plainMs: number;
  readonly speculativeMs: number;
  readonly speedUp: number | null;
  readonly differsAt: number | null;
}

/**
 * @param pairs at least one
 * @param random uniform in [0, 1), for the interval
 */
export function variantReport(
  measured: readonly [Pair, ...Pair[]],
  prompts: readonly BenchPrompt[],
  random: () => number,
): VariantReport {
  const pairs = measured.map(countPair);
  const figures = pairs.map(pairFigures);
  const plain = pairs.map((pair) => pair.plain);
  const speculative = pairs.map((pair) => pair.speculative);
  const byPrompt = prompts.map((_, prompt) => figures.filter((pair) => pair.prompt === prompt));
  const speedUp = spread(ratios(figures));
  const rounds = speculative.map(({ rounds }) => rounds);
  const { run } = (measured.at(-1) ?? measured[0]).speculative;
  return {
    drafter: whoDrafts(run),
    tree: run.tree,
    choice: run.choice,
    speedUp: speedUp && { ...speedUp, interval: bootstrap(byPrompt.map(ratios), median, random) },
    fastestSpeedUp: speedUp && median(byPrompt.flatMap(fastestRatio)),
    wholeSpeedUp: spread(figures.map(({ wholeSpeedUp }) => wholeSpeedUp)),
    lossless: figures.every(({ differsAt }) => differsAt === null),
    ...passesOf(speculative),
    tokensPerPassInterval: tokensPerPassInterval(pairs, random),
    looping: figures.filter(({ loops }) => loops).length / figures.length,
    depths: depthReports(rounds),
    calibration: calibration(rounds),
    trees: roundsByTree(speculative),
    perAnswer: {
      plain: meanOf(figures.map((pair) => pair.plain)),
      speculative: meanOf(figures.map((pair) => pair.speculative)),
    },
    tokensPerSecond: { plain: medianSpeed(plain), speculative: medianSpeed(speculative) },
    firstToken: {
      plain: median(figures.map((pair) => pair.plain.firstToken)),
      speculative: median(figures.map((pair) => pair.speculative.firstToken)),
    },
    hostPerRound: { plain: hostSpread(plain), speculative: hostSpread(speculative) },
    tasks: taskReports(pairs, figures, prompts, random),
    prompts: prompts.flatMap((prompt, index) => promptReport(prompt, index, pairs) ?? []),
    pairs: figures,
  };
}

function promptReport(
  { name, images, task }: BenchPrompt,
  index: number,
  pairs: readonly CountedPair[],
): PromptReport | undefined {
  const mine = pairs.filter(({ prompt }) => prompt === index);
  const last = mine.at(-1)?.speculative;
  if (last === undefined) return undefined;
  const figures = mine.map(pairFigures);
  const speedUps = ratios(figures);
  return {
    index,
    ...(task !== undefined && { task }),
    name,
    images,
    promptTokens: last.promptTokens,
    tokens: last.ids.length,
    ...passesOf([last]),
    plainMs: median(figures.map(({ plain }) => plain.decode)),
    speculativeMs: median(figures.map(({ speculative }) => speculative.decode)),
    speedUp: speedUps.length === 0 ? null : median(speedUps),
    differsAt: figures.find(({ differsAt }) => differsAt !== null)?.differsAt ?? null,
  };
}

function ratios(figures: readonly PairFigures[]): number[] {
  return figures.flatMap(({ speedUp }) => speedUp ?? []);
}

/** One ratio, or none where no pair decoded anything. */
function fastestRatio(figures: readonly PairFigures[]): number[] {
  const decoding = figures.filter(({ speedUp }) => speedUp !== null);
  if (decoding.length === 0) return [];
  const fastest = (side: Side) => Math.min(...decoding.map((pair) => pair[side].decode));
  return [fastest('plain') / fastest('speculative')];
}

function roundsByTree(results: readonly GenerateResult[]): Record<string, number> {
  const trees: Record<string, number> = {};
  for (const [name, rounds] of results.flatMap((result) => Object.entries(result.trees)))
    trees[name] = (trees[name] ?? 0) + rounds;
  return trees;
}

function medianSpeed(results: readonly GenerateResult[]): number | null {
  const speeds = results.flatMap((result) => tokensPerSecond(result) ?? []);
  return speeds.length === 0 ? null : median(speeds);
}

function hostSpread(results: readonly GenerateResult[]): Spread | null {
  return spread(results.flatMap(({ rounds }) => rounds.map(({ hostMs }) => hostMs)));
}

function meanOf(sides: readonly SideFigures[]): SideFigures {
  const mean = (part: keyof SideFigures) =>
    sides.reduce((sum, side) => sum + side[part], 0) / sides.length;
  return {
    target: mean('target'),
    draft: mean('draft'),
    draftReading: mean('draftReading'),
    prefill: mean('prefill'),
    host: mean('host'),
    decode: mean('decode'),
    firstToken: mean('firstToken'),
    whole: mean('whole'),
  };
}
