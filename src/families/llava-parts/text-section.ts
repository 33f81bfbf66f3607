import * as z from 'zod';
import type { DecoderConfig } from '../../contracts/checkpoint.ts';
import { count, fieldError } from '../../contracts/config-fields.ts';
import { llamaSchema, llamaSizes } from '../decoder/llama-config.ts';
import { qwen2Decoder, qwen2Schema } from '../decoder/qwen2-config.ts';

const SECTION = 'text_config.';

const llama = llamaSchema.extend({ model_type: z.literal('llama') });

/** Hugging Face's MistralConfig (transformers 4.57) with its defaults: no biases, and a window on what is looked back at. */
const mistral = llamaSchema.extend({
  model_type: z.literal('mistral'),
  intermediate_size: count.default(14_336),
  num_key_value_heads: count.nullable().default(8),
  max_position_embeddings: count.default(131_072),
  sliding_window: count.nullable().default(4096),
  attention_bias: z.literal(false).default(false),
  mlp_bias: z.literal(false).default(false),
});

const qwen2 = qwen2Schema.extend({ model_type: z.literal('qwen2') });

/** The `text_config` of a LLaVA: a Llama where it doesn't say what it is. */
export const textSection = z
  .looseObject({ model_type: z.enum(['llama', 'mistral', 'qwen2']).default('llama') })
  .pipe(z.discriminatedUnion('model_type', [llama, mistral, qwen2]));

/** What a config without a `text_config` means. */
export const LLAMA_SECTION = llama.parse({ model_type: 'llama' });

/**
 * The decoder of a `text_config`.
 * @throws CheckpointError that names the field, as where Mistral's window is shorter than its context: only without it
 * is a Mistral a Llama
 */
export function sectionDecoder(path: string, fields: z.output<typeof textSection>): DecoderConfig {
  if (fields.model_type === 'qwen2') return qwen2Decoder(path, SECTION, fields);
  if (fields.model_type === 'mistral') {
    const { sliding_window: window, max_position_embeddings: context } = fields;
    if (window !== null && window < context) {
      const expectation = `it must be null, or at least max_position_embeddings ${context}`;
      throw fieldError(path, `${SECTION}sliding_window`, window, expectation);
    }
  }
  return {
    ...llamaSizes(path, SECTION, fields),
    layers: fields.num_hidden_layers,
    tiedEmbeddings: fields.tie_word_embeddings,
  };
}
