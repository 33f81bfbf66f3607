import type { DecoderConfig, WeightRef } from '../../contracts/checkpoint.ts';
import type { Graph } from '../../graph/graph.ts';
import type { LlamaWeights } from '../../model/llama.ts';

/** Tensors by their published names. */
export type Tensors = ReadonlyMap<string, WeightRef>;

/** How a target's family makes its networks. */
export interface TargetNetworks {
  readonly decoder: DecoderConfig;
  readonly weights: (tensors: Tensors) => LlamaWeights;
  /** Absent where the target reads no pictures. */
  readonly tower?: {
    /** Feeds of a picture → embeddings [tokens, H] */
    readonly graph: (tensors: Tensors) => Graph;
    /** Whether the pixels of several pictures may stand one after the other, as then do their embeddings. */
    readonly takesMany: boolean;
  };
  /** What the names of the tensors begin with that stand between tower and decoder. */
  readonly projector: readonly string[];
}
