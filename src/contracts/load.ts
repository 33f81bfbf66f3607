import type { CreateDrafter } from './drafter.ts';

export const DEVICES = ['cpu', 'webgpu'] as const;
export type Device = (typeof DEVICES)[number];

export const DRAFT_POSITIONS = ['published', 'mrope'] as const;
export type DraftPositions = (typeof DRAFT_POSITIONS)[number];

/**
 * What weights are multiplied in. 'fp32': as their files say, widened. 'w8a8': weights in 8 bits by column, activations
 * rounded to 8 bits by row; a quarter of the memory, and other words than fp32's now and then. 'int4': weights in 4 bits by
 * blocks of 32, activations rounded to 8 bits by such blocks; less than a fifth of the memory, and other words more often.
 */
export const PRECISIONS = ['fp32', 'w8a8', 'int4'] as const;
export type Precision = (typeof PRECISIONS)[number];
/** Those for which weights are converted. */
export const CONVERTED_PRECISIONS = ['w8a8', 'int4'] as const satisfies readonly Precision[];
export type ConvertedPrecision = (typeof CONVERTED_PRECISIONS)[number];

/** The parts of a model: the target's layers, its head, what turns pictures into embeddings, and the draft. */
export const MODEL_PARTS = ['decoder', 'head', 'tower', 'draft'] as const;
export type ModelPart = (typeof MODEL_PARTS)[number];
/** By part; 'fp32' where nothing is said. The head is the target's, in the draft too. */
export type PartPrecisions = { readonly [Part in ModelPart]?: Precision };

/** One precision for all parts. */
export const allParts = (precision: Precision): PartPrecisions =>
  Object.fromEntries(MODEL_PARTS.map((part) => [part, precision]));

/** How far the conversion of weights is, which a first load in another precision than 'fp32' makes. */
export interface LoadProgress {
  readonly precision: ConvertedPrecision;
  /** The file that is made. */
  readonly file: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** Which model to load, and where it runs. */
export interface LoadOptions {
  /** Folder in the published layout, or `owner/name[@revision]` in the Hugging Face cache. Default: the embedded model. */
  readonly model?: string;
  /** Folder or name of the model's draft, or of its table of recycled tokens. Default: none. */
  readonly draft?: string;
  /** Default 'cpu'. */
  readonly device?: Device;
  /**
   * Of all parts, or by part, as `{ decoder: 'w8a8', draft: 'w8a8' }`. Default: 'w8a8' of the embedded model, whose weights
   * are stored in blocks, 'fp32' of others. A first load in another one writes
   * the weights so to `weights` in `$MSD_CACHE`, else in `$XDG_CACHE_HOME/msd-ts`, else in `~/.cache/msd-ts`; later ones read
   * that file.
   */
  readonly precision?: Precision | PartPrecisions;
  /** Threads of one operator. Default: the machine's cores. */
  readonly threads?: number;
  /**
   * Where the rows of a Qwen2-VL draft stand: in one line, as published drafts were trained, or by M-RoPE as in the
   * target. Default 'published'.
   */
  readonly draftPositions?: DraftPositions;
  /** Load the model without its draft if that is of a method that does not run here. Default false. */
  readonly force?: boolean;
  /**
   * Drafters of your own, by the names that requests ask for them by. They run in the caller's thread, so `thread` must
   * be false.
   */
  readonly drafters?: Readonly<Record<string, CreateDrafter>>;
  /** Told how far a conversion is, some times a second. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Run in a worker thread, so that the caller's thread stays free. Default true. */
  readonly thread?: boolean;
}

/** `LoadOptions` with the defaults filled in. */
export interface LoadSettings {
  readonly model: string;
  readonly draft: string | null;
  readonly device: Device;
  readonly threads: number;
  /** Default: 'fp32' for all parts. */
  readonly precision?: PartPrecisions;
  readonly draftPositions?: DraftPositions;
  readonly force?: boolean;
}

/** What was loaded. */
export interface ModelInfo extends Omit<LoadSettings, 'precision' | 'device'> {
  /** Where it runs, and which operators the device leaves to the CPU: `cpu`, `webgpu (Cast of int64 on the cpu)`. */
  readonly device: string;
  readonly family: string;
  /** What requests may ask for as `drafter`, besides `auto`; one that needs a draft can't run without. */
  readonly drafters: readonly string[];
  /** What `recycled` begins with, where the draft's folder or the model's has a table: what it is made of. */
  readonly recycled?: {
    readonly path: string;
    readonly bytes: number;
    /** Endings of one, two and three tokens whose followers are known. */
    readonly endings: number;
    /** Tokens of the model's own texts that they were seen in. */
    readonly seen: number;
  };
  /** The method that the draft was made for, where one was given and is not used (`force`). */
  readonly refusedDraft?: string;
  /**
   * What the numbers are computed in, by part where parts differ, and what the files hold: `w8a8 (weights F16)`,
   * `decoder w8a8, head fp32 (weights F32)`.
   */
  readonly precision: string;
  readonly contextLength: number;
  readonly hiddenSize: number;
  readonly layers: number;
  readonly vocabSize: number;
  readonly parameters: number;
  readonly draftParameters: number;
  /** Bytes of the weights that are bound; of converted matrices, what they were converted to. */
  readonly weightBytes: number;
  /** Bytes of keys and values that one token takes in the target and in the draft. */
  readonly cacheBytesPerToken: number;
  /** Whether it takes pictures. */
  readonly readsPictures: boolean;
  /** Placeholder ids per picture; null where they depend on its size, or the model reads none. */
  readonly imageTokens: number | null;
  /** Settings of generation_config.json that are not applied. */
  readonly unapplied: readonly string[];
  /** Measured at load, in milliseconds: target passes by rows, one draft pass, and the rest of a plain round. */
  readonly costs: {
    readonly target: readonly { readonly rows: number; readonly ms: number }[];
    readonly draftLevel: number | null;
    /** What a draft pass is made for: each level of a tree, or a whole tree. Default: each level. */
    readonly draftCalls?: 'level' | 'round';
    readonly host: number;
    /** Whether they were read from the cache of an earlier load. */
    readonly cached: boolean;
  };
}
