import type { VisionConfig } from '../../contracts/checkpoint.ts';
import { clipShapes } from '../clip/clip-tensors.ts';
import { decoderLayout } from '../decoder/decoder-layout.ts';
import { decoderNamed } from '../decoder/llama-weights.ts';
import { linearShapes, type Shapes, type TensorLayout } from '../tensor-layout.ts';
import type { LlavaParts, LlavaProjector } from './llava-parts.ts';

const NAMES = { model: 'language_model.model.', head: 'language_model.lm_head.weight' };
export const TOWER = 'vision_tower.vision_model';
export const PROJECTOR = 'multi_modal_projector';

export const llavaDecoder = decoderNamed(NAMES);

/**
 * What transformers 4.52 and later may write, and the published name that each stands for; the first that fits counts.
 * 5.5 puts `model.` before the published names, and towers lose their `vision_model` in between.
 */
const NEWER_STYLE = [
  ['model.language_model.model.', NAMES.model],
  ['model.language_model.lm_head.', 'language_model.lm_head.'],
  ['model.language_model.', NAMES.model],
  ['model.lm_head.', 'language_model.lm_head.'],
  ['lm_head.', 'language_model.lm_head.'],
  [`model.${TOWER}.`, `${TOWER}.`],
  [`${TOWER}.`, `${TOWER}.`],
  ['model.vision_tower.', `${TOWER}.`],
  ['vision_tower.', `${TOWER}.`],
  [`model.${PROJECTOR}.`, `${PROJECTOR}.`],
] as const;

type Parts = Pick<LlavaParts, 'decoder' | 'vision' | 'projector'>;

/** Published llava-hf files. Layers of the tower beyond the chosen feature may be stored; they are left out. */
export function llavaLayout({ decoder, vision, projector }: Parts): TensorLayout {
  const tower = clipShapes(vision, layersUsed(vision, projector), TOWER);
  const body = decoderLayout(decoder, NAMES);
  return {
    ...body,
    required: [
      ...body.required,
      ...tower.required,
      ...projectorShapes({ decoder, vision, projector }),
    ],
    unused: [...body.unused, ...tower.unused],
    styles: NEWER_STYLE,
  };
}

/** Hidden state 0 is the embedding, state i the output of layer i; negative indices count from the last. */
export function layersUsed(
  { layers }: VisionConfig,
  { featureLayer }: Pick<LlavaProjector, 'featureLayer'>,
): number {
  return featureLayer < 0 ? layers + 1 + featureLayer : featureLayer;
}

function projectorShapes({ decoder, vision, projector }: Parts): Shapes {
  const h = decoder.hiddenSize;
  const linears = [
    ...linearShapes(`${PROJECTOR}.linear_1`, h, vision.hiddenSize),
    ...linearShapes(`${PROJECTOR}.linear_2`, h, h),
  ];
  return projector.bias ? linears : linears.filter(([name]) => !name.endsWith('.bias'));
}
