/** Number formats of stored weights that can be bound without conversion. */
export type WeightDtype = 'F32' | 'F16' | 'BF16';

/** One tensor in a safetensors file: bytes that a session maps in place. */
export interface TensorRef {
  readonly name: string;
  readonly dtype: WeightDtype;
  readonly shape: readonly number[];
  /** Absolute real path of the file. */
  readonly path: string;
  /** Position of the first byte in the file. */
  readonly offset: number;
  readonly bytes: number;
}

export type TensorTable = ReadonlyMap<string, TensorRef>;

/** A LLaMA decoder (Hugging Face `text_config`, defaults filled in). */
export interface DecoderConfig {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocabSize: number;
  readonly rmsNormEps: number;
  readonly ropeTheta: number;
  readonly contextLength: number;
  /** The head is the transposed embedding table. */
  readonly tiedEmbeddings: boolean;
}

/** A CLIP vision tower (Hugging Face `vision_config`, defaults filled in). */
export interface VisionConfig {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly imageSize: number;
  readonly patchSize: number;
  readonly layerNormEps: number;
  readonly activation: 'quick_gelu' | 'gelu';
}

/** A LLaVA target: tower, two-layer projector, decoder. */
export interface LlavaConfig {
  readonly family: 'llava';
  readonly decoder: DecoderConfig;
  readonly vision: VisionConfig;
  readonly projector: {
    readonly activation: 'gelu' | 'relu';
    readonly bias: boolean;
    /** Hidden state of the tower that is projected, counted as Hugging Face does (-2: the last but one). */
    readonly featureLayer: number;
    /** 'default' drops the class token, 'full' keeps it. */
    readonly select: 'default' | 'full';
  };
  readonly imageTokenId: number;
  /** Placeholder ids per picture. */
  readonly imageTokens: number;
  readonly eosTokenIds: readonly number[];
  readonly bosTokenId?: number;
}

/** An MSD draft in the official layout (one decoder layer behind `fc`). */
export interface DraftConfig {
  readonly family: 'llava';
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocabSize: number;
  readonly rmsNormEps: number;
  readonly ropeTheta: number;
  readonly contextLength: number;
  /** `fc` has a bias unless the config says `"bias": false`. */
  readonly fcBias: boolean;
  /** Tokens that the draft may guess, ascending, if not all: it then computes only their rows of the target's head. */
  readonly headTokenIds?: readonly number[];
}
