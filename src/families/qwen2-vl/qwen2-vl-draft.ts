import * as z from 'zod';
import type { DraftConfig } from '../../contracts/checkpoint.ts';
import { count, only, parseFields, positive } from '../../contracts/config-fields.ts';
import { mropeSection, withoutMrope } from '../decoder/mrope-config.ts';
import { draftParts, draftSchema } from '../decoder/plain-draft.ts';
import type { DraftConfigFiles } from '../family.ts';

/** The official code reads these drafts by a class of their own; what its defaults would be, no published file leaves out. */
const schema = draftSchema.extend({
  hidden_size: count,
  intermediate_size: count,
  num_attention_heads: count,
  num_key_value_heads: count,
  vocab_size: count,
  rms_norm_eps: positive,
  rope_theta: positive,
  max_position_embeddings: count,
  rope_scaling: z.preprocess(withoutMrope, draftSchema.shape.rope_scaling),
  use_sliding_window: only(false),
});

/**
 * A draft for Qwen2-VL: its layer has an input norm and biases, and its config the target's M-RoPE.
 * @throws CheckpointError that names the field
 */
export function qwen2VlDraft({ family, config }: DraftConfigFiles): DraftConfig {
  const fields = parseFields(config.path, schema, config.value);
  const draft = draftParts(family, config.path, fields);
  const section = mropeSection(config.path, '', fields.rope_scaling, draft.headDim / 2);
  return { ...draft, inputNorm: true, mropeSection: section, qkvBias: true };
}
