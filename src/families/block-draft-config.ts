/**
 * The `config.json` of a block draft: DSpark's names of fields where it has them. It says whose words it borrows, since
 * it has neither a table nor a head of its own.
 */
import * as z from 'zod';
import type { BlockDraftConfig } from '../contracts/block-draft.ts';
import type { RopeScaling } from '../contracts/checkpoint.ts';
import { count, only, parseFields, positive, tokenId } from '../contracts/config-fields.ts';
import type { JsonFile } from '../contracts/model-folder.ts';
import { llamaSchema, llamaSizes } from './decoder/llama-config.ts';
import { mropeSection, withoutMrope } from './decoder/mrope-config.ts';
import { checkHeadTokens } from './decoder/plain-draft.ts';

/** Its `model_type`. */
export const BLOCK_DRAFT = 'block_draft';

/** More slots would not fit beside a text's newest columns. */
const MOST_SLOTS = 64;

const schema = llamaSchema.extend({
  model_type: z.literal(BLOCK_DRAFT),
  /** `model_type` of the target. */
  target_model_type: z.string(),
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count,
  head_dim: count,
  vocab_size: count,
  rms_norm_eps: positive,
  rope_theta: positive,
  rope_scaling: z.preprocess(withoutMrope, llamaSchema.shape.rope_scaling),
  max_position_embeddings: count,
  attention_bias: only(false),
  mlp_bias: only(false),
  block_size: z.int().min(2).max(MOST_SLOTS),
  markov_rank: count,
  fusion: z.enum(['decoupled', 'fused']),
  /** Tokens that the draft may guess, ascending; absent: all. */
  head_token_ids: z.array(tokenId).min(1).optional(),
});

/** @throws CheckpointError that names the field */
export function blockDraftConfig({ path, value }: JsonFile): BlockDraftConfig {
  const fields = parseFields(path, schema, value);
  const sizes = llamaSizes(path, '', { ...fields, attention_bias: false, mlp_bias: false });
  const ids = fields.head_token_ids;
  checkHeadTokens(path, ids, sizes.vocabSize);
  const rope = fields.rope_scaling;
  const section =
    rope?.mrope_section === undefined ? undefined : mropeSection(path, '', rope, sizes.headDim / 2);
  return {
    family: fields.target_model_type,
    ...sizes,
    layers: fields.num_hidden_layers,
    ...(section && { mropeSection: section }),
    slots: fields.block_size,
    rank: fields.markov_rank,
    fusion: fields.fusion,
    ...(ids !== undefined && { headTokenIds: ids }),
  };
}

/** What `blockDraftConfig` reads the config from. */
export function blockDraftConfigJson(config: BlockDraftConfig): Record<string, unknown> {
  const { ropeScaling, mropeSection, headTokenIds } = config;
  const scaling = {
    ...(ropeScaling ? scalingJson(ropeScaling) : mropeSection && { type: 'mrope' }),
    ...(mropeSection && { mrope_section: mropeSection }),
  };
  return {
    architectures: ['BlockDraft'],
    model_type: BLOCK_DRAFT,
    target_model_type: config.family,
    hidden_act: 'silu',
    hidden_size: config.hiddenSize,
    intermediate_size: config.intermediateSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.kvHeads,
    head_dim: config.headDim,
    vocab_size: config.vocabSize,
    rms_norm_eps: config.rmsNormEps,
    rope_theta: config.ropeTheta,
    ...((ropeScaling || mropeSection) && { rope_scaling: scaling }),
    max_position_embeddings: config.contextLength,
    block_size: config.slots,
    markov_rank: config.rank,
    fusion: config.fusion,
    ...(headTokenIds && { head_token_ids: headTokenIds }),
  };
}

/** By Hugging Face's names. */
function scalingJson(scaling: RopeScaling): Record<string, unknown> {
  const { type, factor } = scaling;
  switch (scaling.type) {
    case 'linear':
      return { rope_type: type, factor };
    case 'llama3':
      return {
        rope_type: type,
        factor,
        low_freq_factor: scaling.lowFrequency,
        high_freq_factor: scaling.highFrequency,
        original_max_position_embeddings: scaling.originalLength,
      };
    case 'yarn':
      return {
        rope_type: type,
        factor,
        original_max_position_embeddings: scaling.originalLength,
        beta_fast: scaling.betaFast,
        beta_slow: scaling.betaSlow,
        truncate: scaling.truncate,
        attention_factor: scaling.attentionFactor,
      };
  }
}
