export const DEVICES = ['cpu', 'webgpu'] as const;
export type Device = (typeof DEVICES)[number];

/** Which model to load, and where it runs. */
export interface LoadOptions {
  /** Folder in the published layout, or `owner/name[@revision]` in the Hugging Face cache. Default: the embedded pair. */
  readonly model?: string;
  /** Folder or name of the model's MSD draft. Default: the embedded draft for the embedded model, else none. */
  readonly draft?: string;
  /** Default 'cpu'. */
  readonly device?: Device;
  /** Threads of one operator. Default: the machine's cores. */
  readonly threads?: number;
  /** Run in a worker thread, so that the caller's thread stays free. Default true. */
  readonly thread?: boolean;
}

/** `LoadOptions` with the defaults filled in. */
export interface LoadSettings {
  readonly model: string;
  readonly draft: string | null;
  readonly device: Device;
  readonly threads: number;
}

/** What was loaded. */
export interface ModelInfo extends LoadSettings {
  readonly family: string;
  /** What the numbers are computed in, and what the files hold: `fp32 (weights F32)`. */
  readonly precision: string;
  readonly contextLength: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly vocabSize: number;
  readonly parameters: number;
  readonly draftParameters: number;
  /** Bytes of the weights' files that are bound. */
  readonly weightBytes: number;
  /** Bytes of keys and values that one token takes in the target and in the draft. */
  readonly cacheBytesPerToken: number;
  /** Placeholder ids per picture; null where they depend on its size, or the model reads none. */
  readonly imageTokens: number | null;
  /** Settings of generation_config.json that are not applied. */
  readonly unapplied: readonly string[];
  /** Measured at load, in milliseconds: target passes by rows, one draft level, and the rest of a plain round. */
  readonly costs: {
    readonly target: readonly { readonly rows: number; readonly ms: number }[];
    readonly draftLevel: number | null;
    readonly host: number;
    /** Whether they were read from the cache of an earlier load. */
    readonly cached: boolean;
  };
}
