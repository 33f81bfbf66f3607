/** What LLaVA 1.5 and 1.6 have in common: a CLIP tower, a two-layer projector and a decoder. */
import * as z from 'zod';
import type { TargetConfig, VisionConfig } from '../../contracts/checkpoint.ts';
import { count, fieldError, only, parseFields, tokenId } from '../../contracts/config-fields.ts';
import type { Projection } from '../../model/projector.ts';
import { clipConfig, clipSchema, LLAVA_VISION } from '../clip/clip-config.ts';
import type { ConfigFiles } from '../config-files.ts';
import { edgeTokens } from '../decoder/edge-tokens.ts';
import { endTokens } from '../decoder/llama-config.ts';
import { tiedFields, tiedHead } from '../decoder/tied-head.ts';
import { LLAMA_SECTION, sectionDecoder, textSection } from './text-section.ts';

export interface LlavaParts extends TargetConfig {
  readonly imageTokenId: number;
  readonly vision: VisionConfig;
  readonly projector: LlavaProjector;
}

export interface LlavaProjector extends Projection {
  readonly bias: boolean;
  /** Hidden state of the tower that is projected, counted as Hugging Face does (-2: the last but one). */
  readonly featureLayer: number;
}

const select = z.enum(['default', 'full']);

/** What Hugging Face's LlavaConfig and LlavaNextConfig (transformers 4.57) share, with their defaults. */
export const llavaSchema = z.object({
  text_config: textSection.nullish(),
  vision_config: clipSchema.nullish(),
  image_token_index: tokenId.optional(),
  image_token_id: tokenId.optional(),
  projector_hidden_act: z.enum(['gelu', 'relu']).default('gelu'),
  multimodal_projector_bias: z.boolean().default(true),
  vision_feature_layer: z.int().default(-2),
  vision_feature_select_strategy: select.default('default'),
  eos_token_id: endTokens.nullish(),
  bos_token_id: tokenId.nullish(),
  quantization_config: only(null),
  ...tiedFields,
});

const processorSchema = z.object({
  patch_size: count.nullish(),
  num_additional_image_tokens: z.int().min(0).nullish(),
  vision_feature_select_strategy: select.nullish(),
});

/**
 * All but the family.
 * @param fields of `config.json`
 * @throws CheckpointError that names the field
 */
export function llavaParts(
  files: ConfigFiles,
  fields: z.output<typeof llavaSchema>,
): Omit<LlavaParts, 'family'> {
  const { path } = files.config;
  const text = fields.text_config ?? LLAMA_SECTION;
  const section = sectionDecoder(path, text);
  const decoder = { ...section, tiedEmbeddings: tiedHead(fields, section.tiedEmbeddings) };
  const vision = clipConfig(path, fields.vision_config ?? clipSchema.parse(LLAVA_VISION));
  const choice = fields.vision_feature_select_strategy;
  checkFeatureLayer(path, fields.vision_feature_layer, vision);
  checkProcessor(files, vision, choice);
  return {
    decoder,
    vision,
    projector: {
      activation: fields.projector_hidden_act,
      bias: fields.multimodal_projector_bias,
      featureLayer: fields.vision_feature_layer,
      select: choice,
    },
    imageTokenId: imageTokenId(path, fields, decoder.vocabSize),
    ...edgeTokens(files, fields, text),
  };
}

/** A tower of L layers has L + 1 hidden states, the embeddings first. */
function checkFeatureLayer(path: string, layer: number, { layers }: VisionConfig): void {
  if (layer >= -layers - 1 && layer <= layers) return;
  const expectation = `a tower of ${layers} layers has states ${-layers - 1} to ${layers}`;
  throw fieldError(path, 'vision_feature_layer', layer, expectation);
}

/** `image_token_id` is a second name of `image_token_index`. */
function imageTokenId(
  path: string,
  { image_token_index: index, image_token_id: alias }: z.output<typeof llavaSchema>,
  vocabSize: number,
): number {
  if (index !== undefined && alias !== undefined && index !== alias) {
    throw fieldError(path, 'image_token_id', alias, `image_token_index says ${index}`);
  }
  const id = index ?? alias ?? 32_000;
  if (id < vocabSize) return id;
  throw fieldError(path, 'image_token_index', id, `the vocabulary ends at ${vocabSize}`);
}

/** LlavaProcessor counts placeholders by its own file; where that differs from the tower, nothing can run. */
function checkProcessor(
  { processor }: ConfigFiles,
  vision: VisionConfig,
  choice: LlavaProjector['select'],
): void {
  const { path } = processor;
  const fields = parseFields(path, processorSchema, processor.value);
  const needed: Record<keyof typeof fields, unknown> = {
    patch_size: vision.patchSize,
    num_additional_image_tokens: 1,
    vision_feature_select_strategy: choice,
  };
  for (const [field, value] of Object.entries(fields)) {
    const wanted = needed[field as keyof typeof fields];
    if (value === undefined || value === null || value === wanted) continue;
    throw fieldError(path, field, value, `the model of config.json needs ${wanted}`);
  }
}
