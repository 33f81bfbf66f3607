import type { DecoderSizes, DraftConfig, DraftMethod } from './checkpoint.ts';

/**
 * A block draft: one call reads what is new and guesses every depth of a round (DFlash, arXiv 2602.06036; DSpark, arXiv
 * 2607.05147). It keeps keys and values of the context alone, and speaks through the target's embedding and head, so that
 * its vocabulary is the target's. With M-RoPE context stands where the target has it, slots behind the newest position on
 * all axes.
 */
export interface BlockDraftConfig extends DecoderSizes {
  /** `model_type` of the target that it was made for. */
  readonly family: string;
  readonly layers: number;
  /** Slots of a block: most tokens of a path. */
  readonly slots: number;
  /** Rank of the bias between neighbouring slots. */
  readonly rank: number;
  /** How visual rows enter the context: as their projected embeddings (MSD's decoupling), or as words do. */
  readonly fusion: 'decoupled' | 'fused';
  /** Tokens that the draft may guess, ascending, if not all: it then computes only their rows of the target's head. */
  readonly headTokenIds?: readonly number[];
}

/** What a draft says of itself, by its method. */
export type DraftDescription =
  | { readonly method: Exclude<DraftMethod, 'block'>; readonly config: DraftConfig }
  | { readonly method: 'block'; readonly config: BlockDraftConfig };
