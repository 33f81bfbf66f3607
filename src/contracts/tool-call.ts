/** Whether tools are called: never, as the model likes, at least one, or this one. */
export type ToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | { readonly type: 'function'; readonly function: { readonly name: string } };

/** A call that an answer makes. */
export interface ToolCall {
  /** Nine letters and digits, another for each call of a conversation. */
  readonly id: string;
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    /** JSON, as the model wrote it; cut short where the answer was. */
    readonly arguments: string;
  };
}

/** A piece of a call, as it is written: the first of a call has `id` and `name`. */
export interface ToolCallDelta {
  /** Which of the answer's calls, from 0. */
  readonly index: number;
  readonly id?: string;
  readonly name?: string;
  /** What its arguments go on with. */
  readonly arguments: string;
}
