import * as z from 'zod';
import {
  count,
  fieldError,
  layerCount,
  only,
  positive,
  tokenId,
} from '../../contracts/config-fields.ts';
import { ropeConfig, ropeFields } from './rope-config.ts';

/** One end token, or several. */
export const endTokens = z.union([tokenId, z.array(tokenId)]);

/** Hugging Face's LlamaConfig (transformers 4.57) with its defaults, and what of it this version can't run. */
export const llamaSchema = z.object({
  hidden_size: count.default(4096),
  intermediate_size: count.default(11008),
  num_hidden_layers: layerCount.default(32),
  num_attention_heads: count.default(32),
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  vocab_size: count.default(32000),
  rms_norm_eps: positive.default(1e-6),
  max_position_embeddings: count.default(2048),
  ...ropeFields,
  tie_word_embeddings: z.boolean().default(false),
  eos_token_id: endTokens.nullable().default(2),
  bos_token_id: tokenId.nullable().default(1),
  hidden_act: only('silu'),
  partial_rotary_factor: only(1),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
});

type LlamaFields = z.output<typeof llamaSchema>;

/**
 * The sizes that a decoder of any depth has, checked against each other.
 * @param section where the fields stand in the config, for messages: '' or 'text_config.'
 */
export function llamaSizes(path: string, section: string, fields: LlamaFields) {
  const hiddenSize = fields.hidden_size;
  const heads = fields.num_attention_heads;
  const kvHeads = fields.num_key_value_heads ?? heads;
  const headDim = fields.head_dim ?? hiddenSize / heads;
  const refuse = (field: string, value: unknown, expectation: string) =>
    fieldError(path, `${section}${field}`, value, expectation);
  if (!Number.isInteger(headDim)) {
    throw refuse('num_attention_heads', heads, `it must divide hidden_size ${hiddenSize}`);
  }
  if (headDim % 2 !== 0) {
    throw refuse('head_dim', headDim, 'rotary embeddings need an even number');
  }
  if (heads % kvHeads !== 0) {
    throw refuse('num_key_value_heads', kvHeads, `it must divide num_attention_heads ${heads}`);
  }
  return {
    hiddenSize,
    intermediateSize: fields.intermediate_size,
    heads,
    kvHeads,
    headDim,
    vocabSize: fields.vocab_size,
    rmsNormEps: fields.rms_norm_eps,
    ...ropeConfig(path, section, fields),
    ...(fields.attention_bias && { qkvBias: true, outputBias: true }),
    ...(fields.mlp_bias && { mlpBias: true }),
  };
}
