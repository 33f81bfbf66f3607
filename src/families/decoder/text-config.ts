import type { ConfigFolder } from '../../checkpoint/config-file.ts';
import type { TextConfig } from '../../contracts/checkpoint.ts';
import { only, parseFields } from '../../contracts/config-fields.ts';
import type { TensorLayout } from '../tensor-layout.ts';
import { decoderLayout } from './decoder-layout.ts';
import { edgeTokens } from './edge-tokens.ts';
import { llamaSchema, llamaSizes } from './llama-config.ts';
import { qwen2Decoder, qwen2Schema } from './qwen2-config.ts';

const llama = llamaSchema.extend({ quantization_config: only(null) });

const qwen2 = qwen2Schema.extend({ quantization_config: only(null) });

/**
 * A decoder alone: `llama` (SmolLM2 too).
 * @throws CheckpointError that names the field
 */
export function llamaText(folder: ConfigFolder): TextConfig {
  const fields = parseFields(folder.path, llama, folder.config);
  const decoder = {
    ...llamaSizes(folder.path, '', fields),
    layers: fields.num_hidden_layers,
    tiedEmbeddings: fields.tie_word_embeddings,
  };
  return { family: 'llama', decoder, ...edgeTokens(folder, fields) };
}

/**
 * A decoder alone: `qwen2` (Qwen2.5 too).
 * @throws CheckpointError that names the field
 */
export function qwen2Text(folder: ConfigFolder): TextConfig {
  const fields = parseFields(folder.path, qwen2, folder.config);
  const decoder = qwen2Decoder(folder.path, '', fields);
  return { family: 'qwen2', decoder, ...edgeTokens(folder, fields) };
}

export const textLayout = ({ decoder }: TextConfig): TensorLayout => ({
  ...decoderLayout(decoder, { model: 'model.', head: 'lm_head.weight' }),
  styles: [],
});
