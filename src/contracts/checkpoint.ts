import type { ConvertedPrecision } from './load.ts';

/** Number formats of stored weights that can be bound without conversion. */
export type WeightDtype = 'F32' | 'F16' | 'BF16';

/**
 * Blocks of numbers under scales of their own, as GGML stores matrices: a row is a whole number of blocks. They are widened
 * when they are converted, or, of a table, when its rows are looked up.
 */
const BLOCK_DTYPES = ['Q4_0', 'Q4_1', 'Q8_0', 'Q4_K', 'Q5_K', 'Q6_K'] as const;
export type BlockDtype = (typeof BLOCK_DTYPES)[number];

/** Number formats of stored weights. */
export type StoredDtype = WeightDtype | BlockDtype;

/** A tensor's place in a file: bytes that a session maps. */
export interface Stored {
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
  readonly dtype: StoredDtype;
  /** How products read the matrix. Default: as it is stored. */
  readonly form?: ConvertedForm;
}

/** A tensor held in memory as fp32. A session copies it, or is fed it in every run. */
export interface MemoryTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'F32';
  readonly data: Float32Array;
  readonly form?: never;
}

/** A weight that a graph reads: in a file, which has a path, or in memory. */
export type WeightRef = TensorRef | MemoryTensor;

export const isBlockDtype = (dtype: string): dtype is BlockDtype =>
  (BLOCK_DTYPES as readonly string[]).includes(dtype);

export const isInMemory = (ref: WeightRef | ConvertedTensor): ref is MemoryTensor => 'data' in ref;

/**
 * Matrices [out, in] that read the same rows, and so are one product: their outputs stand side by side. Those in files
 * can be converted.
 */
export interface Product<R extends WeightRef = TensorRef> extends ProductSides {
  readonly matrices: readonly R[];
}

/**
 * Where a product's rows come from, and its outputs go to, if that is a space that nothing but products writes and reads: a
 * form may turn channels among each other there, every run of so many by itself.
 */
export interface ProductSides {
  readonly reads?: number | undefined;
  /** Of each matrix. */
  readonly writes?: readonly (number | undefined)[] | undefined;
}

/** A matrix in a number format that files of weights do not have: converted once, with the others of its product. */
export interface ConvertedForm {
  readonly kind: ConvertedPrecision;
  /** What the format makes of the whole product, by names of its own. */
  readonly parts: Readonly<Record<string, ConvertedTensor>>;
  /** The product's outputs, and the first of this matrix's among them. */
  readonly outputs: number;
  readonly first: number;
  /** The spaces that the format has turned. */
  readonly sides: ProductSides;
}

/** A tensor in a file of converted weights. */
export interface ConvertedTensor extends Stored {
  readonly dtype: 'F32' | 'I8' | 'U8';
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

/** What all networks of decoder layers are measured by, targets' and drafts'. */
export interface DecoderSizes {
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
  /** How many of a head's frequencies turn by time, by height and by width (M-RoPE). Default: all by one position. */
  readonly mropeSection?: readonly number[]; // [3]
  readonly contextLength: number;
}

/** A LLaMA decoder (Hugging Face `text_config`, defaults filled in). */
export interface DecoderConfig extends DecoderSizes {
  readonly layers: number;
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

/** What every target says of itself. What only its family has is in families/. */
export interface TargetConfig {
  /** `model_type` of its config: a row of the table of families. */
  readonly family: string;
  readonly decoder: DecoderConfig;
  /** Stands in a prompt where an embedding of a picture goes. Absent where the model reads no pictures. */
  readonly imageTokenId?: number;
  /** How many of them a picture has, where all have as many. */
  readonly imageTokens?: number;
  /** Requests that don't say have the text of their pictures read. Default false. */
  readonly readsText?: boolean;
  readonly eosTokenIds: readonly number[];
  readonly bosTokenId?: number;
}

/** What a draft was made for: MSD, which saw pictures, EAGLE (2), which never did, or a whole block in one call. */
export type DraftMethod = 'msd' | 'eagle' | 'block';

/**
 * A draft as its authors store it: one decoder layer behind `fc`. Its `mropeSection` is the target's; published drafts were
 * trained on plain positions all the same.
 */
export interface DraftConfig extends DecoderSizes {
  /** `model_type` of its config: MSD drafts have that of their target, EAGLE-2 drafts that of a text decoder. */
  readonly family: string;
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
