/**
 * Where a text stands in a grammar, a place that never changes: the state behind one more token is another one. So every
 * node of a tree has its own.
 */
export interface GrammarState {
  /** Whether an end token was read: what follows is not part of the text, and any token may. */
  readonly ended: boolean;
  /** The state behind a token; null where the grammar forbids it. */
  after(token: number): GrammarState | null;
  /** The tokens that may follow, as bits by id, an end token only where the text may end. [V / 32] */
  allowed(): Uint32Array;
  /** The end token, where the text is over and nothing else may follow. */
  readonly onlyEnd: number | null;
  /** What the text must go on with, whichever tokens spell it; empty where it may go on in two ways. */
  forced(): string;
}

/** Whether a token is among those of a mask. */
export const isAllowed = (mask: Uint32Array, token: number): boolean =>
  (((mask[token >> 5] ?? 0) >>> (token & 31)) & 1) === 1;
