import * as z from 'zod';
import type { DecoderConfig } from '../../contracts/checkpoint.ts';
import { count, fieldError, tokenId } from '../../contracts/config-fields.ts';
import { endTokens, llamaSchema, llamaSizes } from './llama-config.ts';

/** Hugging Face's Qwen2Config (transformers 4.57) where it differs from LlamaConfig. */
export const qwen2Schema = llamaSchema.extend({
  intermediate_size: count.default(22_016),
  num_key_value_heads: count.nullable().default(32),
  vocab_size: count.default(151_936),
  max_position_embeddings: count.default(32_768),
  eos_token_id: endTokens.nullable().default(null),
  bos_token_id: tokenId.nullable().default(null),
  use_sliding_window: z.boolean().default(false),
  sliding_window: count.nullable().default(4096),
  max_window_layers: z.int().min(0).default(28),
  layer_types: z.array(z.enum(['full_attention', 'sliding_attention'])).nullish(),
});

type Qwen2Fields = z.output<typeof qwen2Schema>;

/**
 * A Qwen2 (Qwen2.5 too): query, key and value always have biases, nothing else has.
 * @param section where the fields stand in the config, for messages: '' or 'text_config.'
 * @throws CheckpointError that names the field
 */
export function qwen2Decoder(path: string, section: string, fields: Qwen2Fields): DecoderConfig {
  const plain = { ...fields, attention_bias: false, mlp_bias: false };
  const decoder = {
    ...llamaSizes(path, section, plain),
    layers: fields.num_hidden_layers,
    tiedEmbeddings: fields.tie_word_embeddings,
    qkvBias: true,
  };
  checkWindows(path, section, fields, decoder.contextLength);
  return decoder;
}

/** Layers that look back only so far are not built; a window as long as the context hides nothing. */
function checkWindows(
  path: string,
  section: string,
  fields: Qwen2Fields,
  contextLength: number,
): void {
  const { use_sliding_window: used, sliding_window: window, layer_types: types } = fields;
  if (!used || window === null || window >= contextLength) return;
  const slides = types
    ? types.includes('sliding_attention')
    : fields.max_window_layers < fields.num_hidden_layers;
  if (!slides) return;
  const expectation = `this version runs only windows of at least the context, ${contextLength} tokens`;
  throw fieldError(path, `${section}sliding_window`, window, expectation);
}
