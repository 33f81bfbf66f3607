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
  /** Rotary position of each row; on the axis of time where there are three. */
  readonly positions: Int32Array; // [n]
  /** Positions on the other axes of M-RoPE. Default: as `positions`. */
  readonly sides?: { readonly height: Int32Array; readonly width: Int32Array }; // [n] each
  /** Rows whose logits are wanted (their order is the order of `best` and `logits`). */
  readonly heads: Int32Array; // [w]
}

/** Keys and values of the rows of a pass, kept until the accepted ones are committed. */
export interface CacheRows {
  readonly keys: Float32Array; // [layers, kvHeads, headDim, count]
  readonly values: Float32Array; // [layers, kvHeads, count, headDim]
  /** Rows of the whole pass. */
  readonly count: number;
  /** Where this step's rows begin among them. */
  readonly first: number;
  /** Of a target's rows: the highest rotary position of each, on any axis. */
  readonly positions?: Int32Array; // [count]
}

/** What a pass says of one step. */
export interface Forward {
  /** Last hidden state of every row, after the final norm. */
  readonly features: Rows; // [n, H]
  /** The target's most likely token at each wanted row. */
  readonly best: Int32Array; // [w]
  /** Raw logits of the wanted rows, present when `want` is 'logits'. */
  readonly logits?: Rows; // [w, V]
  readonly cache: CacheRows;
}

/** One conversation in the target: it owns its key/value cache. */
export interface Sequence {
  /** Committed rows. */
  readonly length: number;
  /** Rotary position of the next row: as many as there are rows, or fewer where a picture's rows share some (M-RoPE). */
  readonly nextPosition: number;
  /** Appends the keys and values of these rows of a forward, in path order. */
  commit(forward: Forward, rows: Int32Array): void;
  /** Forgets all committed rows from `length` on. */
  truncate(length: number): void;
  dispose(): void;
}

/** The multimodal language model whose words are the truth. */
export interface Target {
  readonly hiddenSize: number;
  readonly vocabSize: number;
  /** Most positions that a sequence may hold. */
  readonly contextLength: number;
  open(): Sequence;
  /** One pass over the rows of any number of sequences; one Forward per step, in order. */
  forward(steps: readonly Step[], want: 'best' | 'logits'): Promise<Forward[]>;
}
