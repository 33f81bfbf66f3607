import type { NonFiniteFeatureError } from './errors.ts';
import type { AxisPositions } from './messages.ts';
import type { Rows, VisualRows } from './rows.ts';

/**
 * Rows for one sequence in one target pass. A prefill chunk, one token and a tree are the same thing:
 * rows that see the committed text and their own ancestors.
 */
export interface Step {
  readonly sequence: Sequence;
  /** Token of each row; ignored where a visual embedding fills the row. */
  readonly ids: Int32Array; // [n]
  readonly visual?: VisualRows;
  /** Earlier row of this step that each row follows, or -1 if it follows the committed text. */
  readonly parents: Int32Array; // [n]
  /** Rotary position of each row, on every axis of M-RoPE. */
  readonly positions: AxisPositions; // [n] each
  /** Rows whose best token or logits are wanted (their order is the order of `best` and `logits`). */
  readonly heads: Int32Array; // [w]
  readonly want: Want;
}

export type Want = 'best' | 'logits';

/** The rows of a step, whose features stay where they were computed until somebody reads them (`Target.read`). */
export interface RowsRef {
  readonly count: number;
}

/** The target's K most likely tokens at each of some rows, likeliest first, and the lowest id of equals. */
export interface Likely {
  readonly ids: Int32Array; // [w, K]
  readonly logits: Float32Array; // [w, K]
  /** K */
  readonly each: number;
}

/** What a pass says of one step. */
export interface Forward {
  /** The target's most likely token at each wanted row. */
  readonly best: Int32Array; // [w]
  /** More of its likely tokens there, where it tells them. */
  readonly likely?: Likely;
  /** Raw logits of the wanted rows, where the step wants them. */
  readonly logits?: Rows; // [w, V]
  readonly rows: RowsRef;
  /** Set where a row of the step is not finite: nothing of it may be used. Other steps of the pass are not touched. */
  readonly fault?: NonFiniteFeatureError;
}

/** One conversation in the target: it owns its part of the key/value cache. */
export interface Sequence {
  /** Committed rows. */
  readonly length: number;
  /** Rotary position of the next row: as many as there are rows, or fewer where a picture's rows share some (M-RoPE). */
  readonly nextPosition: number;
  /**
   * Appends the keys and values of these rows of the sequence's newest forward, in path order, once.
   * @throws RangeError if the sequence was in a pass since, or has committed rows of that forward.
   */
  commit(forward: Forward, path: Int32Array): void;
  /** Forgets all committed rows from `length` on. */
  truncate(length: number): void;
  /** A sequence of its own that holds the first `length` committed rows too. Absent where rows are not copied. */
  copy?(length: number): Sequence;
  /** Has this and another sequence, whose first `length` rows are of the same text, hold them in one place. */
  join?(other: Sequence, length: number): void;
  dispose(): void;
}

/** The multimodal language model whose words are the truth. */
export interface Target {
  readonly hiddenSize: number;
  readonly vocabSize: number;
  /** Most positions that a sequence may hold. */
  readonly contextLength: number;
  open(): Sequence;
  /** Columns of the caches that these sequences take, each counted once, whoever holds it. */
  columns(sequences: readonly Sequence[]): number;
  /**
   * One pass over the rows of any number of sequences, each in one step at most; one Forward per step, in order. What
   * it says of a step depends on that step alone, in every bit. A pass that is asked for while another runs waits for it.
   */
  forward(steps: readonly Step[]): Promise<Forward[]>;
  /** The features of some rows, after the final norm [count, H]: those of `at`, in its order. Default all. */
  read(rows: RowsRef, at?: Int32Array): Promise<Rows>;
}
