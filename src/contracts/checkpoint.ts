/** Number formats of stored weights that can be bound without conversion. */
export type WeightDtype = 'F32' | 'F16' | 'BF16';

/** A tensor's place in a file: bytes that a session maps. */
interface Stored {
  readonly name: string;
  readonly shape: readonly number[];
  /** Absolute real path of the file. */
  readonly path: string;
  /** Position of the first byte in the file. */
  readonly offset: number;
  readonly bytes: number;
}

/** One tensor of a checkpoint. */
export interface TensorRef extends Stored {
  readonly dtype: WeightDtype;
  /** Set where products read the matrix in 8 bits (W8A8). */
  readonly eightBit?: EightBitMatrix;
}

/** A tensor held in memory as fp32. A session copies it, or is fed it in every run. */
export interface MemoryTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'F32';
  readonly data: Float32Array;
  readonly eightBit?: never;
}

/** A weight that a graph reads: in a file, which has a path, or in memory. */
export type WeightRef = TensorRef | MemoryTensor;

export const isInMemory = (ref: WeightRef): ref is MemoryTensor => 'data' in ref;

/** Columns of 8-bit panels, as one read of memory takes them: 64, so that a row of a panel is a cache line. */
export const PANEL_COLUMNS = 64;

/** Whole numbers from -127 to 127 in panels of columns, zeros after the last column. */
export interface EightBitPanels extends Stored {
  readonly dtype: 'I8';
  readonly shape: readonly [panels: number, into: number, columns: typeof PANEL_COLUMNS];
}

/** A matrix [out, in] in 8 bits, alone or side by side with others that read the same rows: its outputs are columns. */
export interface EightBitMatrix {
  readonly panels: EightBitPanels;
  /** What one step of each column is worth: F32 [panels, 1, 64] */
  readonly steps: TensorRef;
  /** The first of this matrix's columns. */
  readonly first: number;
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
  /** How many of a head's frequencies turn by time, by height and by width (M-RoPE). Default: all by one position. */
  readonly mropeSection?: readonly number[]; // [3]
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

/** A CLIP or SigLIP vision tower (Hugging Face `vision_config`, defaults filled in). */
export interface VisionConfig {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly imageSize: number;
  readonly patchSize: number;
  readonly layerNormEps: number;
  readonly activation: 'quick_gelu' | 'gelu' | 'gelu_tanh';
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

/** The two layers between a LLaVA's tower and its decoder. */
export interface LlavaProjector {
  readonly activation: 'gelu' | 'relu';
  readonly bias: boolean;
  /** Hidden state of the tower that is projected, counted as Hugging Face does (-2: the last but one). */
  readonly featureLayer: number;
  /** 'default' drops the class token, 'full' keeps it. */
  readonly select: 'default' | 'full';
}

/** A LLaVA target: tower, two-layer projector, decoder. */
export interface LlavaConfig extends PictureBase {
  readonly family: 'llava';
  readonly vision: VisionConfig;
  readonly projector: LlavaProjector;
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

/** LLaVA 1.6: a picture is seen whole and in tiles, whose patches are ended row by row by an embedding of its own. */
export interface LlavaNextConfig extends PictureBase {
  readonly family: 'llava_next';
  readonly vision: VisionConfig;
  readonly projector: LlavaProjector;
  /** Sizes that tiles may add up to, multiples of the tower's. */
  readonly pinpoints: readonly { readonly height: number; readonly width: number }[];
}

/** Idefics3 and SmolVLM: tiles of the tower's size, then the whole picture, squares of patches projected as one. */
export interface Idefics3Config extends PictureBase {
  readonly family: 'idefics3' | 'smolvlm';
  readonly vision: VisionConfig;
  /** Side of the square of patches that becomes one embedding. */
  readonly shuffle: number;
}

/** Told apart by `family`, which is the `model_type` of the config. */
export type TargetConfig =
  | LlavaConfig
  | LlavaNextConfig
  | Idefics3Config
  | Qwen2VlConfig
  | Qwen25VlConfig
  | TextConfig;

/**
 * A draft as its authors store it: one decoder layer behind `fc`. The family is the `model_type` of its config: MSD drafts
 * have that of their target, EAGLE-2 drafts that of a text decoder.
 */
export interface DraftConfig {
  readonly family: 'llava' | 'qwen2_vl' | 'idefics3' | 'llama' | 'qwen2';
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocabSize: number;
  readonly rmsNormEps: number;
  readonly ropeTheta: number;
  /** Default: none. */
  readonly ropeScaling?: RopeScaling;
  /** As the target's. Published drafts were trained on plain positions all the same. */
  readonly mropeSection?: readonly number[]; // [3]
  readonly contextLength: number;
  /** The layer begins with a norm. Default false. */
  readonly inputNorm?: boolean;
  /** Query, key and value have biases. Default false. */
  readonly qkvBias?: boolean;
  /** `fc` has a bias unless the config says `"bias": false`. */
  readonly fcBias: boolean;
  /** Tokens that the draft may guess, ascending, if not all: it then computes only their rows of the target's head. */
  readonly headTokenIds?: readonly number[];
}

const IGNORED_SUFFIXES = ['position_ids', 'rotary_emb.inv_freq'];

/**
 * Buffers that older versions of transformers stored beside the weights: they follow from the config, and are often
 * of a type that no weight has.
 */
export function isIgnoredBuffer(name: string): boolean {
  return IGNORED_SUFFIXES.some((suffix) => name === suffix || name.endsWith(`.${suffix}`));
}
