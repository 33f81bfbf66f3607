import type { FinishReason } from '../contracts/generate.ts';

/** When an answer ends by its tokens. Stop texts end it by its words: see createStopText. */
export interface Limits {
  /** End tokens; empty to write on past them. */
  readonly eos: ReadonlySet<number>;
  /** Most tokens to write, end token included. */
  readonly maxTokens: number;
}

/** Tokens that may be written: the request's limit, or what the context has room for beside the prompt. */
export function tokenLimit(maxTokens: number, promptTokens: number, contextLength: number): number {
  return Math.max(0, Math.min(maxTokens, contextLength - promptTokens));
}

/** Why the answer ends with `token`, its `count`-th (from 1), or null if it goes on. */
export function finishReason(
  token: number,
  count: number,
  { eos, maxTokens }: Limits,
): Exclude<FinishReason, 'cancelled'> | null {
  if (eos.has(token)) return 'stop';
  return count >= maxTokens ? 'length' : null;
}
