/** What the server tells of an answer as it comes. */
import type { Guesser } from './guesser.ts';

export interface Tree {
  /** Parents precede their children; node 0 is the root. */
  readonly nodes: readonly {
    readonly token: string;
    /** -1 at the root. */
    readonly parent: number;
    /** Null at the root. */
    readonly by: Guesser | null;
  }[];
  /** Nodes that the target agreed with, the root first. */
  readonly kept: readonly number[];
}

export interface PassTimes {
  readonly targetMs: number;
  readonly draftMs: number;
  readonly hostMs: number;
}

export interface Run {
  readonly drafter: string;
  readonly beside: string | null;
  readonly tree: string;
  readonly precision: string;
  readonly device: string;
  readonly threads: number;
}

/** Milliseconds from the request, by the server. */
export interface ServerClock {
  /** Null without a token. */
  readonly firstToken: number | null;
  readonly total: number;
}

export type AnswerEvent =
  | { readonly type: 'run'; readonly run: Run; readonly promptTokens: number }
  | { readonly type: 'read'; readonly done: number }
  | { readonly type: 'word'; readonly text: string; readonly by: Guesser }
  | { readonly type: 'pass'; readonly tree: Tree; readonly times: PassTimes }
  | { readonly type: 'end'; readonly finish: string; readonly clock: ServerClock };
