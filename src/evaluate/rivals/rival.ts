/** What another engine wrote. Its precision is another, so its words may be. */
export interface RivalAnswer {
  /** End token included. */
  readonly ids: readonly number[];
  /** Milliseconds from the request to each token, by the rival's own clock. */
  readonly times: readonly number[];
  /** Bytes that its process holds in memory afterwards, mapped files included. */
  readonly residentBytes: number;
}

/** A setting that was tried, and what it came to at its best. */
export interface TriedSetting {
  readonly setting: string;
  readonly firstTokenMs: number;
  readonly tokenMs: number;
}

/** Another engine that answers the same prompts, greedily. */
export interface Rival {
  readonly name: string;
  readonly runs: string;
  readonly tried: readonly TriedSetting[];
  answer(prompt: readonly number[], maxTokens: number): Promise<RivalAnswer>;
}

/** What every rival is opened with. */
export interface RivalOpening {
  /** Ids that settings are tried on. */
  readonly prompt: readonly number[];
  /** Ids that end an answer. */
  readonly end: readonly number[];
  /** It may use fewer. */
  readonly threads: number;
  /** Most tokens of a prompt and its answer. */
  readonly contextSize: number;
}
