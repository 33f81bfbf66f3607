/** Ours and rivals' side by side: how soon and how fast each writes, by the clock on the wall. */
import type { GenerateResult } from '../contracts/generate.ts';
import { bootstrap, type Interval } from './bootstrap.ts';
import { countedPart } from './counted-part.ts';
import { loopStart } from './loop-start.ts';
import type { Pair } from './paired-runs.ts';
import type { Rival, RivalAnswer, TriedSetting } from './rivals/rival.ts';
import { median } from './spread.ts';

/** A way of decoding among others. Its words may be its own, so figures are by token written. */
export interface WayReport {
  readonly name: string;
  /** What runs, in words. */
  readonly runs: string;
  /** From the request to the first token of the long prompts, median; null where none were asked. */
  readonly firstTokenMs: number | null;
  /** Σ time after the first token ÷ Σ tokens after it. */
  readonly tokenMs: Measured;
  /** Tokens a second from the request to the last token, over all answers. */
  readonly tokensPerSecond: Measured;
  /** The speculative way's tokens a second over this one's. */
  readonly speculativeOver: Measured;
  readonly looping: number;
  /** Bytes that the process held after its last answer; ours holds the plain and the speculative way. */
  readonly residentBytes: number;
  /** Empty for ours. */
  readonly tried: readonly TriedSetting[];
}

interface Measured {
  readonly value: number;
  readonly interval: Interval | null;
}

export interface Ways {
  readonly pairs: readonly Pair[];
  /** The same of the long prompts, one token each. */
  readonly firstTokens: readonly Pair[];
  readonly rivals: readonly Pick<Rival, 'name' | 'runs' | 'tried'>[];
  /** What ours run. */
  readonly runs: { readonly plain: string; readonly speculative: string };
  /** Of this process. */
  readonly residentBytes: number;
}

/** One answer on the clock, as far as it counts. */
interface Clocked {
  readonly prompt: number;
  readonly tokens: number;
  readonly firstMs: number;
  readonly totalMs: number;
  readonly loops: boolean;
}

/**
 * Plain, speculative, then each rival.
 * @param random uniform in [0, 1), for the intervals
 */
export function wayReports(
  { pairs, firstTokens, rivals, runs, residentBytes }: Ways,
  random: () => number,
): WayReport[] {
  const ways = (of: readonly Pair[]): Clocked[][] => [
    of.map((pair) => ours(pair.prompt, pair.plain)),
    of.map((pair) => ours(pair.prompt, pair.speculative)),
    ...rivals.map((_, at) =>
      of.flatMap(({ prompt, rivals = [] }) => {
        const answer = rivals[at];
        return answer === undefined ? [] : clocked(prompt, answer);
      }),
    ),
  ];
  const [plain = [], speculative = [], ...theirs] = ways(pairs);
  const first = ways(firstTokens);
  const last = pairs.at(-1);
  const report = (
    answers: readonly Clocked[],
    at: number,
    about: Pick<WayReport, 'name' | 'runs' | 'tried' | 'residentBytes'>,
  ): WayReport => {
    const long = (first[at] ?? []).map(({ firstMs }) => firstMs);
    return {
      ...about,
      firstTokenMs: long.length === 0 ? null : median(long),
      tokenMs: measured(answers, tokenMs, random),
      tokensPerSecond: measured(answers, tokensPerSecond, random),
      speculativeOver: ratio(speculative, answers, random),
      looping: answers.filter(({ loops }) => loops).length / Math.max(1, answers.length),
    };
  };
  const own = { tried: [], residentBytes };
  return [
    report(plain, 0, { ...own, name: 'plain', runs: runs.plain }),
    report(speculative, 1, { ...own, name: 'speculative', runs: runs.speculative }),
    ...theirs.map((answers, at) => {
      const { name = '', runs = '', tried = [] } = rivals[at] ?? {};
      const bytes = last?.rivals?.[at]?.residentBytes ?? 0;
      return report(answers, at + 2, { name, runs, tried, residentBytes: bytes });
    }),
  ];
}

function ours(prompt: number, result: GenerateResult): Clocked {
  const counted = countedPart(result);
  const { total, firstToken } = counted.timings;
  const tokens = counted.ids.length;
  const loops = counted !== result;
  return { prompt, tokens, firstMs: firstToken ?? total, totalMs: total, loops };
}

function clocked(prompt: number, { ids, times }: RivalAnswer): Clocked {
  const end = loopStart(ids);
  const tokens = Math.max(1, end ?? ids.length);
  const [firstMs = 0, totalMs = 0] = [times[0], times[tokens - 1]];
  return { prompt, tokens, firstMs, totalMs, loops: end !== null };
}

const sum = (answers: readonly Clocked[], part: (one: Clocked) => number): number =>
  answers.reduce((total, one) => total + part(one), 0);

const tokenMs = (answers: readonly Clocked[]): number =>
  sum(answers, ({ totalMs, firstMs }) => totalMs - firstMs) /
  sum(answers, ({ tokens }) => tokens - 1);

const tokensPerSecond = (answers: readonly Clocked[]): number =>
  (1000 * sum(answers, ({ tokens }) => tokens)) / sum(answers, ({ totalMs }) => totalMs);

function measured(
  answers: readonly Clocked[],
  statistic: (answers: readonly Clocked[]) => number,
  random: () => number,
): Measured {
  const value = statistic(answers);
  return { value, interval: bootstrap(byPrompt(answers), statistic, random) };
}

/** Answers to one prompt resemble each other and were written side by side: they are drawn together. */
function ratio(
  speculative: readonly Clocked[],
  other: readonly Clocked[],
  random: () => number,
): Measured {
  const both = speculative.flatMap((mine, at) => {
    const theirs = other[at];
    return theirs === undefined ? [] : { prompt: mine.prompt, mine, theirs };
  });
  const statistic = (drawn: readonly (typeof both)[number][]) =>
    tokensPerSecond(drawn.map(({ mine }) => mine)) /
    tokensPerSecond(drawn.map(({ theirs }) => theirs));
  return { value: statistic(both), interval: bootstrap(byPrompt(both), statistic, random) };
}

function byPrompt<T extends { readonly prompt: number }>(answers: readonly T[]): T[][] {
  const prompts = [...new Set(answers.map(({ prompt }) => prompt))];
  return prompts.map((one) => answers.filter(({ prompt }) => prompt === one));
}
