import { z } from 'zod';
import type { DraftConfig } from '../../contracts/checkpoint.ts';
import {
  count,
  fieldError,
  only,
  parseFields,
  positive,
  tokenId,
} from '../../contracts/config-fields.ts';
import { UnknownFamilyError } from '../../contracts/errors.ts';
import type { ConfigFolder } from '../config-file.ts';
import { llamaSchema, llamaSizes } from '../llama-config.ts';
import { mropeSection, withoutMrope } from '../mrope-config.ts';

const draftSchema = llamaSchema.extend({
  num_hidden_layers: z.literal(1),
  attention_bias: only(false),
  mlp_bias: only(false),
  bias: z.boolean().default(true),
  qkv_bias: z.boolean().default(false),
  /** Tokens that the draft may guess, ascending; absent: all. */
  head_token_ids: z.array(tokenId).min(1).optional(),
});

/** The official code reads Qwen2-VL drafts by another class; what its defaults would be, no published file leaves out. */
const qwen2VlSchema = draftSchema.extend({
  hidden_size: count,
  intermediate_size: count,
  num_attention_heads: count,
  num_key_value_heads: count,
  vocab_size: count,
  rms_norm_eps: positive,
  rope_theta: positive,
  max_position_embeddings: count,
  rope_scaling: z.preprocess(withoutMrope, llamaSchema.shape.rope_scaling),
  use_sliding_window: only(false),
});

const FAMILIES = ['llava', 'qwen2_vl', 'idefics3', 'llama', 'qwen2'] as const;

/**
 * The draft that a folder's `config.json` describes. The layer's form follows from the family, as in the official code
 * (Lyn-Lucy/MSD and SafeAILab/EAGLE, cnets.py): drafts of Qwen2-VL have an input norm and biases, the others neither,
 * unless `qkv_bias` says so.
 * @throws UnknownFamilyError, or CheckpointError that names the field
 */
export function draftConfig({ path, config, family: name }: ConfigFolder): DraftConfig {
  const family = FAMILIES.find((known) => known === name);
  if (family === undefined) throw new UnknownFamilyError(path, name, FAMILIES);
  const isQwen2Vl = family === 'qwen2_vl';
  const fields = parseFields(path, isQwen2Vl ? qwen2VlSchema : draftSchema, config);
  const sizes = llamaSizes(path, '', { ...fields, attention_bias: false, mlp_bias: false });
  const ids = fields.head_token_ids;
  checkHeadTokens(path, ids, sizes.vocabSize);
  return {
    family,
    ...sizes,
    fcBias: fields.bias,
    ...(isQwen2Vl && {
      inputNorm: true,
      mropeSection: mropeSection(path, '', fields.rope_scaling, sizes.headDim / 2),
    }),
    ...((isQwen2Vl || fields.qkv_bias) && { qkvBias: true }),
    ...(ids !== undefined && { headTokenIds: ids }),
  };
}

function checkHeadTokens(
  path: string,
  ids: readonly number[] | undefined,
  vocabSize: number,
): void {
  const bad = ids?.find((id, index) => id >= vocabSize || id <= (ids[index - 1] ?? -1));
  if (bad === undefined) return;
  const expectation = `the ids must ascend and lie below vocab_size ${vocabSize}`;
  throw fieldError(path, 'head_token_ids', bad, expectation);
}
