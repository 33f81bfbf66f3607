import { z } from 'zod';
import type { TextConfig } from '../contracts/checkpoint.ts';
import { count, fieldError, only, parseFields, tokenId } from './config-fields.ts';
import type { ConfigFolder } from './config-file.ts';
import { decoderLayout } from './decoder-shapes.ts';
import { edgeTokens } from './edge-tokens.ts';
import { endTokens, llamaSchema, llamaSizes } from './llama-config.ts';
import type { TensorLayout } from './tensor-layout.ts';

const llama = llamaSchema.extend({ quantization_config: only(null) });

/** Hugging Face's Qwen2Config (transformers 4.57) where it differs from LlamaConfig. */
const qwen2 = llama.extend({
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

/**
 * A decoder alone: `llama` (SmolLM2 too).
 * @throws CheckpointError that names the field
 */
export function llamaText(folder: ConfigFolder): TextConfig {
  const fields = parseFields(folder.path, llama, folder.config);
  return { family: 'llama', decoder: decoderOf(folder, fields), ...edgeTokens(folder, fields) };
}

/**
 * A decoder alone: `qwen2` (Qwen2.5 too). Query, key and value always have biases, nothing else has.
 * @throws CheckpointError that names the field
 */
export function qwen2Text(folder: ConfigFolder): TextConfig {
  const fields = parseFields(folder.path, qwen2, folder.config);
  const plain = { ...fields, attention_bias: false, mlp_bias: false };
  const decoder = { ...decoderOf(folder, plain), qkvBias: true };
  checkWindows(folder.path, fields, decoder.contextLength);
  return { family: 'qwen2', decoder, ...edgeTokens(folder, fields) };
}

function decoderOf({ path }: ConfigFolder, fields: z.output<typeof llama>): TextConfig['decoder'] {
  return {
    ...llamaSizes(path, '', fields),
    layers: fields.num_hidden_layers,
    tiedEmbeddings: fields.tie_word_embeddings,
  };
}

/** Layers that look back only so far are not built; a window as long as the context hides nothing. */
function checkWindows(path: string, fields: z.output<typeof qwen2>, contextLength: number): void {
  const { use_sliding_window: used, sliding_window: window, layer_types: types } = fields;
  if (!used || window === null || window >= contextLength) return;
  const slides = types
    ? types.includes('sliding_attention')
    : fields.max_window_layers < fields.num_hidden_layers;
  if (!slides) return;
  const expectation = `this version runs only windows of at least the context, ${contextLength} tokens`;
  throw fieldError(path, 'sliding_window', window, expectation);
}

export const textLayout = ({ decoder }: TextConfig): TensorLayout => ({
  ...decoderLayout(decoder, { model: 'model.', head: 'lm_head.weight' }),
  styles: [],
});
