/**
 * The layout of LLaVA's own code (liuhaotian/llava-v1.5-7b): a Llama's config with `mm_` fields, tensors by the names of
 * its classes, and the vision tower in a folder of its own. Here it becomes the layout that Hugging Face publishes; what
 * the original code would do otherwise is refused.
 */

import * as z from 'zod';
import type { TensorRef, TensorTable } from '../../../contracts/checkpoint.ts';
import { count, fieldError, only, parseFields } from '../../../contracts/config-fields.ts';
import { TensorsError } from '../../../contracts/errors.ts';
import type { JsonFile } from '../../../contracts/model-folder.ts';
import { clipSchema } from '../../clip/clip-config.ts';

/** The configs of Llama-based models; MSD drafts have the same type without a tower. */
const markSchema = z.object({
  model_type: z.enum(['llava', 'llava_llama']),
  mm_vision_tower: z.string(),
});

const originalSchema = z.looseObject({
  mm_vision_tower: z.string(),
  /** What is left out means one matrix, as LLaVA 1.0 had it. */
  mm_projector_type: z.literal('mlp2x_gelu'),
  mm_vision_select_layer: z.int(),
  mm_vision_select_feature: z.enum(['patch', 'cls_patch']).default('patch'),
  mm_hidden_size: count.optional(),
  mm_patch_merge_type: only('flat'),
  mm_resampler_type: only(null),
  mm_use_im_patch_token: only(false),
  mm_use_im_start_end: only(false),
  image_aspect_ratio: z.enum(['pad', 'square']).nullish(),
});

/** A whole CLIP's config has a section for its tower. */
const towerSchema = z.looseObject({
  model_type: z.enum(['clip', 'clip_vision_model']),
  vision_config: z.unknown().optional(),
  /** Where it stands, transformers takes it instead. */
  vision_config_dict: z.unknown().optional(),
});

/**
 * Marks a picture's place. The original code has no token for it (its -200 is no row of the table); `<unk>` is one that
 * no text ever becomes.
 */
const PLACEHOLDER = 0;

export interface OriginalLlava {
  /** As Hugging Face's LlavaConfig is written to `config.json`. */
  readonly config: Readonly<Record<string, unknown>>;
  /** 'pad' makes a picture square with the processor's mean colour before it is resized; 'square' leaves it to the processor. */
  readonly aspectRatio: 'pad' | 'square';
}

/** The tower that a config of the original layout names; undefined for any other config. */
export function originalTowerName(config: unknown): string | undefined {
  const mark = markSchema.safeParse(config);
  return mark.success ? mark.data.mm_vision_tower : undefined;
}

/**
 * The published form of a config.
 * @param config `config.json`, for which originalTowerName has a name
 * @param tower the tower's `config.json`: a whole CLIP's, or a vision tower's alone
 * @throws CheckpointError that names the field
 */
export function originalLlava({ path, value }: JsonFile, tower: JsonFile): OriginalLlava {
  const fields = parseFields(path, originalSchema, value);
  const vision = visionConfig(tower);
  if (fields.mm_hidden_size !== undefined && fields.mm_hidden_size !== vision.hidden_size) {
    const expectation = `the vision tower's hidden_size is ${vision.hidden_size}`;
    throw fieldError(path, 'mm_hidden_size', fields.mm_hidden_size, expectation);
  }
  return {
    config: {
      architectures: ['LlavaForConditionalGeneration'],
      model_type: 'llava',
      text_config: { ...fields, model_type: 'llama', architectures: ['LlamaForCausalLM'] },
      vision_config: { ...vision, model_type: 'clip_vision_model' },
      image_token_index: PLACEHOLDER,
      projector_hidden_act: 'gelu',
      multimodal_projector_bias: true,
      vision_feature_layer: fields.mm_vision_select_layer,
      vision_feature_select_strategy:
        fields.mm_vision_select_feature === 'patch' ? 'default' : 'full',
    },
    aspectRatio: fields.image_aspect_ratio ?? 'square',
  };
}

function visionConfig({ path, value }: JsonFile): z.output<typeof clipSchema> {
  const tower = parseFields(path, towerSchema, value);
  const section =
    tower.model_type === 'clip' ? (tower.vision_config_dict ?? tower.vision_config ?? {}) : tower;
  return parseFields(path, z.object({ vision_config: clipSchema }), { vision_config: section })
    .vision_config;
}

/** What an original name begins with, and the published name that it stands for; the first that fits. */
const ORIGINAL_NAMES = [
  ['model.mm_projector.0.', 'multi_modal_projector.linear_1.'],
  ['model.mm_projector.2.', 'multi_modal_projector.linear_2.'],
  ['model.vision_tower.vision_tower.', 'vision_tower.'],
  ['model.', 'language_model.model.'],
  ['lm_head.', 'language_model.lm_head.'],
] as const;

const OWN_TOWER = 'vision_tower.';
const TOWER_PART = 'vision_model.';

/**
 * The tensors of an original model by their published names. The tower's are its own where it holds them (a tower that
 * was trained along), else those of the tower's folder; what that folder holds of CLIP's text half is left out.
 * @throws TensorsError where two tensors stand for one
 */
export function originalLlavaTensors(
  path: string,
  own: TensorTable,
  tower: TensorTable,
): Map<string, TensorRef> {
  const tensors = new Map<string, TensorRef>();
  const twice: string[] = [];
  for (const [name, ref] of own) {
    const published = publishedName(name);
    if (tensors.has(published)) twice.push(name);
    tensors.set(published, ref);
  }
  if (twice.length > 0) {
    throw new TensorsError(path, { missing: [], unexpected: twice, misshapen: [] });
  }
  if ([...tensors.keys()].some((name) => name.startsWith(OWN_TOWER))) return tensors;
  for (const [name, ref] of tower) {
    if (name.startsWith(TOWER_PART)) tensors.set(`${OWN_TOWER}${name}`, ref);
  }
  return tensors;
}

function publishedName(name: string): string {
  const rule = ORIGINAL_NAMES.find(([original]) => name.startsWith(original));
  return rule === undefined ? name : rule[1] + name.slice(rule[0].length);
}
