import * as z from 'zod';
import type { DraftConfig } from '../../contracts/checkpoint.ts';
import { fieldError, only, parseFields, tokenId } from '../../contracts/config-fields.ts';
import type { DraftConfigFiles } from '../family.ts';
import { llamaSchema, llamaSizes } from './llama-config.ts';

/** What the config of every draft may say. */
export const draftSchema = llamaSchema.extend({
  num_hidden_layers: z.literal(1),
  attention_bias: only(false),
  mlp_bias: only(false),
  bias: z.boolean().default(true),
  qkv_bias: z.boolean().default(false),
  /** Tokens that the draft may guess, ascending; absent: all. */
  head_token_ids: z.array(tokenId).min(1).optional(),
});

/**
 * A draft as in most families of the official code (Lyn-Lucy/MSD and SafeAILab/EAGLE, cnets.py): its layer has no input
 * norm, and biases only where `qkv_bias` says so.
 * @throws CheckpointError that names the field
 */
export function plainDraft({ family, config }: DraftConfigFiles): DraftConfig {
  return draftParts(family, config.path, parseFields(config.path, draftSchema, config.value));
}

/** @throws CheckpointError that names the field */
export function draftParts(
  family: string,
  path: string,
  fields: z.output<typeof draftSchema>,
): DraftConfig {
  const sizes = llamaSizes(path, '', { ...fields, attention_bias: false, mlp_bias: false });
  const ids = fields.head_token_ids;
  checkHeadTokens(path, ids, sizes.vocabSize);
  return {
    family,
    ...sizes,
    fcBias: fields.bias,
    ...(fields.qkv_bias && { qkvBias: true }),
    ...(ids !== undefined && { headTokenIds: ids }),
  };
}

/** @throws CheckpointError unless the ids ascend within the vocabulary */
export function checkHeadTokens(
  path: string,
  ids: readonly number[] | undefined,
  vocabSize: number,
): void {
  const bad = ids?.find((id, index) => id >= vocabSize || id <= (ids[index - 1] ?? -1));
  if (bad === undefined) return;
  const expectation = `the ids must ascend and lie below vocab_size ${vocabSize}`;
  throw fieldError(path, 'head_token_ids', bad, expectation);
}
