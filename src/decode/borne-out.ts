/** What trees brought and took beside what was foretold of them, as factors. */
export interface BorneOut {
  readonly tokens: number;
  readonly ms: number;
  /** Trees that were seen. */
  readonly seen: number;
}

/** Before any tree was seen, its word is taken. */
export const UNTRIED: BorneOut = { tokens: 1, ms: 1, seen: 0 };

/** What one tree weighs among those before it: more among the first few, and one alone never much. */
const SHARE = { least: 0.02, before: 8 };
/** How far a single tree may be off; a machine that slept says nothing of trees. */
const MOST_MS = 2;
/** What is foretold may be believed a little more than its word, and half of it at least. */
const BOUNDS = { least: 0.5, most: 1.1 };

/** Tokens of a round, and what it took. */
interface Brought {
  readonly tokens: number;
  readonly ms: number;
}

/** The factors after a tree of which that was foretold, corrections included. */
export function bearOut(before: BorneOut, foretold: Brought, came: Brought): BorneOut {
  const share = Math.max(SHARE.least, 1 / (before.seen + SHARE.before));
  const moved = (factor: number, ratio: number) => factor * (1 + share * (ratio - 1));
  return {
    tokens: within(moved(before.tokens, came.tokens / foretold.tokens)),
    ms: 1 / within(1 / moved(before.ms, Math.min(MOST_MS, came.ms / foretold.ms))),
    seen: before.seen + 1,
  };
}

/** What was seen before a surprise counts for half. */
export const halfForgotten = ({ tokens, ms }: BorneOut): BorneOut => ({
  tokens: (tokens + 1) / 2,
  ms: (ms + 1) / 2,
  seen: 0,
});

const within = (factor: number): number => Math.min(BOUNDS.most, Math.max(BOUNDS.least, factor));
