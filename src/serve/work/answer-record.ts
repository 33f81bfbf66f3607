import type { GenerateEvent, GenerateResult } from '../../contracts/generate.ts';

/** How an answer went, for metrics and the log: times and counts, no content. */
export interface AnswerRecord {
  /** It has a place among those that run. */
  readonly admitted: () => void;
  readonly take: (event: GenerateEvent) => void;
  readonly failed: (error: unknown) => void;
  readonly figures: () => AnswerFigures;
}

export interface AnswerFigures {
  /** Milliseconds that it waited for its place. */
  readonly queueMs: number;
  /** From its arrival to its first token; null without one. */
  readonly firstTokenMs: number | null;
  /** Between its passes with tokens, each with the tokens that it gave. */
  readonly gaps: readonly { readonly ms: number; readonly tokens: number }[];
  readonly totalMs: number;
  readonly result: GenerateResult | null;
  readonly error: unknown;
}

export function createRecord(clock: () => number): AnswerRecord {
  const arrived = clock();
  const gaps: { ms: number; tokens: number }[] = [];
  let admittedAt: number | null = null;
  let firstAt: number | null = null;
  let lastAt = arrived;
  let tokens = 0;
  let result: GenerateResult | null = null;
  let error: unknown = null;
  return {
    admitted() {
      admittedAt = clock();
    },
    take(event) {
      if (event.type === 'done') result = event.result;
      if (event.type === 'token' && firstAt === null) {
        firstAt = clock();
        lastAt = firstAt;
      } else if (event.type === 'token') tokens += 1;
      if (event.type !== 'round') return;
      const now = clock();
      gaps.push({ ms: now - lastAt, tokens });
      [lastAt, tokens] = [now, 0];
    },
    failed(what) {
      error = what;
    },
    figures: () => ({
      queueMs: (admittedAt ?? clock()) - arrived,
      firstTokenMs: firstAt === null ? null : firstAt - arrived,
      gaps,
      totalMs: clock() - arrived,
      result,
      error,
    }),
  };
}
