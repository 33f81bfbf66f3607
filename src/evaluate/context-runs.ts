import type { GenerateOptions, GenerateResult } from '../contracts/generate.ts';
import type { MsdModel } from '../load.ts';
import type { BenchPrompt } from './prompt-set.ts';
import { median } from './spread.ts';

/** What a token of plain decoding takes behind a text of some length. */
export interface ContextCost {
  /** Of the prompt. */
  readonly tokens: number;
  /** Median of the passes of all turns, milliseconds. */
  readonly ms: number;
  readonly passes: number;
}

export interface ContextReport {
  readonly costs: readonly ContextCost[];
  /** Least squares over the lengths; null of fewer than two. */
  readonly line: ContextLine | null;
  /** Of keys and values that a pass reads for each token of the text. */
  readonly cacheBytesPerToken: number;
  /** That a pass reads whatever the text. */
  readonly weightBytes: number;
}

export interface ContextLine {
  /** Milliseconds of a pass without a text. */
  readonly startMs: number;
  /** What each token before makes a pass take longer, in milliseconds. */
  readonly tokenMs: number;
}

/** Tokens that are written behind each text; those of a context are as good as equally long. */
const WRITTEN = 17;

/**
 * Plain decoding behind texts of several lengths, turn by turn, so that a noisy moment hits all alike.
 * @param prompts one of each length
 */
export async function contextRuns(
  generate: MsdModel['generate'],
  prompts: readonly BenchPrompt[],
  turns: number,
  signal: AbortSignal,
): Promise<ContextCost[]> {
  const passes = prompts.map(() => ({ tokens: 0, ms: [] as number[] }));
  for (let turn = 0; turn < turns; turn++) {
    for (const [at, { messages }] of prompts.entries()) {
      const options = { messages, drafter: 'none', maxTokens: WRITTEN, ignoreEos: true, signal };
      const result = await lastOf(generate, options);
      const one = passes[at];
      if (result === null || one === undefined) return costsOf(passes);
      one.tokens = result.promptTokens;
      one.ms.push(...result.rounds.map(({ targetMs, hostMs }) => targetMs + hostMs));
    }
  }
  return costsOf(passes);
}

const costsOf = (passes: readonly { tokens: number; ms: readonly number[] }[]): ContextCost[] =>
  passes
    .filter(({ ms }) => ms.length > 0)
    .map(({ tokens, ms }) => ({ tokens, ms: median(ms), passes: ms.length }));

/** Null if it was cancelled. */
async function lastOf(
  generate: MsdModel['generate'],
  options: GenerateOptions,
): Promise<GenerateResult | null> {
  for await (const event of generate(options)) {
    if (event.type === 'done' && event.result.finishReason !== 'cancelled') return event.result;
  }
  return null;
}

/** The straight line through costs. */
export function contextLine(costs: readonly ContextCost[]): ContextLine | null {
  const count = costs.length;
  const mean = (part: (cost: ContextCost) => number) =>
    costs.reduce((sum, cost) => sum + part(cost), 0) / count;
  const [x, y] = [mean(({ tokens }) => tokens), mean(({ ms }) => ms)];
  const spread = mean(({ tokens }) => (tokens - x) ** 2);
  if (count < 2 || spread === 0) return null;
  const tokenMs = mean(({ tokens, ms }) => (tokens - x) * (ms - y)) / spread;
  return { startMs: y - tokenMs * x, tokenMs };
}
