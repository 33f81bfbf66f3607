import * as z from 'zod';
import type { TargetConfig, VisionConfig } from '../../contracts/checkpoint.ts';
import {
  count,
  fieldError,
  layerCount,
  only,
  parseFields,
  positive,
  tokenId,
} from '../../contracts/config-fields.ts';
import type { ConfigFiles } from '../config-files.ts';
import { edgeTokens } from '../decoder/edge-tokens.ts';
import { endTokens, llamaSchema, llamaSizes } from '../decoder/llama-config.ts';
import { tiedFields, tiedHead } from '../decoder/tied-head.ts';

/** Tiles of the tower's size, then the whole picture, squares of patches projected as one. */
export interface Idefics3Config extends TargetConfig {
  readonly family: 'idefics3' | 'smolvlm';
  readonly imageTokenId: number;
  readonly vision: VisionConfig;
  /** Side of the square of patches that becomes one embedding. */
  readonly shuffle: number;
}

/** Hugging Face's Idefics3VisionConfig and SmolVLMVisionConfig (transformers 4.57) with their defaults. */
const visionSchema = z.object({
  model_type: z
    .enum(['idefics3', 'idefics3_vision', 'smolvlm', 'smolvlm_vision', 'siglip_vision_model'])
    .optional(),
  hidden_size: count.default(1152),
  intermediate_size: count.default(3072),
  num_hidden_layers: layerCount.default(12),
  num_attention_heads: count.default(16),
  num_channels: only(3),
  image_size: count.default(224),
  patch_size: count.default(32),
  hidden_act: z.enum(['gelu_pytorch_tanh', 'gelu', 'quick_gelu']).default('gelu_pytorch_tanh'),
  layer_norm_eps: positive.default(1e-6),
});

/** A Llama; what the published code could do beyond that and Hugging Face's does not read must be off. */
const textSchema = llamaSchema.extend({
  model_type: only('llama'),
  qk_layer_norms: only(false),
  rope_interleaved: only(false),
  use_resampler: only(false),
});

/** Idefics3Config and SmolVLMConfig (transformers 4.57) with their defaults. */
const schema = z.object({
  text_config: textSchema.nullish(),
  vision_config: visionSchema.nullish(),
  image_token_id: tokenId.default(128_257),
  scale_factor: count.default(2),
  eos_token_id: endTokens.nullish(),
  bos_token_id: tokenId.nullish(),
  quantization_config: only(null),
  ...tiedFields,
});

const processorSchema = z.object({ image_seq_len: count.nullish() });

/**
 * The Idefics3 or SmolVLM target that the files describe; the two differ in name only. What a file leaves out is what
 * transformers 4.57 takes for it.
 * @throws CheckpointError that names the field
 */
export function idefics3Config(files: ConfigFiles): Idefics3Config {
  const { path, value } = files.config;
  const fields = parseFields(path, schema, value);
  const text = fields.text_config ?? textSchema.parse({ rms_norm_eps: 1e-5 });
  const sizes = llamaSizes(path, 'text_config.', text);
  const vision = visionConfig(path, fields.vision_config ?? visionSchema.parse({}));
  const shuffle = fields.scale_factor;
  const grid = Math.floor(vision.imageSize / vision.patchSize);
  if (grid % shuffle !== 0) {
    const expectation = `it must divide the tower's ${grid} patches a side`;
    throw fieldError(path, 'scale_factor', shuffle, expectation);
  }
  checkProcessor(files, (grid / shuffle) ** 2);
  if (fields.image_token_id >= sizes.vocabSize) {
    const expectation = `the vocabulary ends at ${sizes.vocabSize}`;
    throw fieldError(path, 'image_token_id', fields.image_token_id, expectation);
  }
  return {
    family: files.family === 'smolvlm' ? 'smolvlm' : 'idefics3',
    decoder: {
      ...sizes,
      layers: text.num_hidden_layers,
      tiedEmbeddings: tiedHead(fields, text.tie_word_embeddings),
    },
    vision,
    shuffle,
    imageTokenId: fields.image_token_id,
    ...edgeTokens(files, fields, text),
  };
}

function visionConfig(path: string, fields: z.output<typeof visionSchema>): VisionConfig {
  const { hidden_size: hiddenSize, num_attention_heads: heads } = fields;
  if (hiddenSize % heads !== 0) {
    const expectation = `it must divide hidden_size ${hiddenSize}`;
    throw fieldError(path, 'vision_config.num_attention_heads', heads, expectation);
  }
  if (fields.patch_size > fields.image_size) {
    const expectation = `image_size is only ${fields.image_size}`;
    throw fieldError(path, 'vision_config.patch_size', fields.patch_size, expectation);
  }
  const act = fields.hidden_act;
  return {
    hiddenSize,
    intermediateSize: fields.intermediate_size,
    layers: fields.num_hidden_layers,
    heads,
    imageSize: fields.image_size,
    patchSize: fields.patch_size,
    layerNormEps: fields.layer_norm_eps,
    activation: act === 'gelu_pytorch_tanh' ? 'gelu_tanh' : act,
  };
}

/** Idefics3Processor writes as many placeholders as its own file says; where the model makes others, nothing can run. */
function checkProcessor({ processor }: ConfigFiles, made: number): void {
  const { path, value } = processor;
  const { image_seq_len: told } = parseFields(path, processorSchema, value);
  if (told === undefined || told === null || told === made) return;
  throw fieldError(path, 'image_seq_len', told, `the model of config.json makes ${made}`);
}
