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

/**
 * How rotary frequencies are changed so that a model reads further than it was first trained (Hugging Face
 * `rope_scaling`, defaults filled in). `originalLength` is the context before that.
 */
export type RopeScaling =
  | { readonly type: 'linear'; readonly factor: number }
  | {
      readonly type: 'llama3';
      readonly factor: number;
      readonly lowFrequency: number;
      readonly highFrequency: number;
      readonly originalLength: number;
    }
  | {
      readonly type: 'yarn';
      readonly factor: number;
      readonly originalLength: number;
      /** Turns within the original context above which a frequency stays, and below which it is divided whole. */
      readonly betaFast: number;
      readonly betaSlow: number;
      /** The edges between the two are whole numbers of dimensions. */
      readonly truncate: boolean;
      /** Multiplies cosines and sines. */
      readonly attentionFactor: number;
    };

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
  /** Default: none. */
  readonly ropeScaling?: RopeScaling;
  readonly contextLength: number;
  /** The head is the transposed embedding table. */
  readonly tiedEmbeddings: boolean;
  /** Query, key and value have biases. Default false. */
  readonly qkvBias?: boolean;
  /** So has the projection that attention ends with. Default false. */
  readonly outputBias?: boolean;
  /** So have the three matrices of the MLP. Default false. */
  readonly mlpBias?: boolean;
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

/** What the vision towers of Qwen2-VL and Qwen2.5-VL share: they read any number of patches. */
export interface QwenVisionConfig {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly patchSize: number;
  /** Frames of a patch; a picture is repeated. */
  readonly temporalPatchSize: number;
  /** Side of the square of patches that becomes one embedding. */
  readonly mergeSize: number;
}

/** What every target has. */
interface TargetBase {
  readonly decoder: DecoderConfig;
  readonly eosTokenIds: readonly number[];
  readonly bosTokenId?: number;
}

/** A decoder alone: it reads no pictures. */
export interface TextConfig extends TargetBase {
  readonly family: 'llama' | 'qwen2';
}

/** A target that reads pictures: their embeddings stand where the prompt has this id. */
interface PictureBase extends TargetBase {
  readonly imageTokenId: number;
}

/** A LLaVA target: tower, two-layer projector, decoder. */
export interface LlavaConfig extends PictureBase {
  readonly family: 'llava';
  readonly vision: VisionConfig;
  readonly projector: {
    readonly activation: 'gelu' | 'relu';
    readonly bias: boolean;
    /** Hidden state of the tower that is projected, counted as Hugging Face does (-2: the last but one). */
    readonly featureLayer: number;
    /** 'default' drops the class token, 'full' keeps it. */
    readonly select: 'default' | 'full';
  };
  /** Placeholder ids per picture. */
  readonly imageTokens: number;
}

/** A Qwen2-VL target: tower, patch merger, Qwen2 decoder with M-RoPE. */
export interface Qwen2VlConfig extends PictureBase {
  readonly family: 'qwen2_vl';
  readonly vision: QwenVisionConfig & { readonly activation: 'quick_gelu' | 'gelu' };
}

/** A Qwen2.5-VL target: most layers of its tower look within windows only. */
export interface Qwen25VlConfig extends PictureBase {
  readonly family: 'qwen2_5_vl';
  readonly vision: QwenVisionConfig & {
    /** Side of a window, in embeddings. */
    readonly windowSize: number;
    /** Layers that look at the whole picture, from 0. */
    readonly fullLayers: readonly number[];
  };
}

/** Told apart by `family`, which is the `model_type` of the config. */
export type TargetConfig = LlavaConfig | Qwen2VlConfig | Qwen25VlConfig | TextConfig;

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
