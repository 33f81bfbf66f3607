import type { DraftConfig, TargetConfig } from '../../../contracts/checkpoint.ts';

/** A draft's `config.json` in the official layout. */
export function msdConfigJson(
  draft: DraftConfig,
  { bosTokenId, eosTokenIds }: TargetConfig,
): object {
  const { mropeSection } = draft;
  return {
    model_type: draft.family,
    hidden_act: 'silu',
    hidden_size: draft.hiddenSize,
    intermediate_size: draft.intermediateSize,
    num_attention_heads: draft.heads,
    num_key_value_heads: draft.kvHeads,
    head_dim: draft.headDim,
    num_hidden_layers: 1,
    max_position_embeddings: draft.contextLength,
    rms_norm_eps: draft.rmsNormEps,
    rope_theta: draft.ropeTheta,
    ...(mropeSection && { rope_scaling: { type: 'mrope', mrope_section: mropeSection } }),
    vocab_size: draft.vocabSize,
    ...(bosTokenId !== undefined && { bos_token_id: bosTokenId }),
    eos_token_id: eosTokenIds.length === 1 ? eosTokenIds[0] : eosTokenIds,
    bias: draft.fcBias,
    ...(draft.qkvBias && { qkv_bias: true }),
    tie_word_embeddings: false,
    ...(draft.headTokenIds && { head_token_ids: draft.headTokenIds }),
  };
}
