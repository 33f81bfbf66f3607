import type { LlavaConfig } from '../contracts/checkpoint.ts';
import { clipShapes } from './clip-shapes.ts';
import { decoderLayout } from './decoder-shapes.ts';
import { linearShapes, type Shapes, type TensorLayout } from './tensor-layout.ts';

const NAMES = { model: 'language_model.model.', head: 'language_model.lm_head.weight' };
const TOWER = 'vision_tower.vision_model';
const NEWLINE = 'image_newline';

/** What transformers 4.52 and later may write, and the published name that each stands for. */
const NEWER_STYLE = [
  ['model.language_model.', 'language_model.model.'],
  ['model.vision_tower.', 'vision_tower.'],
  ['model.multi_modal_projector.', 'multi_modal_projector.'],
  ['lm_head.', 'language_model.lm_head.'],
] as const;

const NEXT_NEWER_STYLE = [...NEWER_STYLE, [`model.${NEWLINE}`, NEWLINE]] as const;

type Parts = Pick<LlavaConfig, 'decoder' | 'vision' | 'projector'>;

/** Published llava-hf files. Layers of the tower beyond the chosen feature may be stored; they are left out. */
export function llavaLayout({ decoder, vision, projector }: Parts): TensorLayout {
  const layer = projector.featureLayer;
  const used = layer < 0 ? vision.layers + 1 + layer : layer;
  const tower = clipShapes(vision, used, TOWER);
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

/** Published llava-v1.6 files: the same, and the embedding that ends a line of patches. */
export function llavaNextLayout(config: Parts): TensorLayout {
  const layout = llavaLayout(config);
  return {
    ...layout,
    required: [...layout.required, [NEWLINE, [config.decoder.hiddenSize]]],
    styles: NEXT_NEWER_STYLE,
  };
}

function projectorShapes({ decoder, vision, projector }: Parts): Shapes {
  const h = decoder.hiddenSize;
  const linears = [
    ...linearShapes('multi_modal_projector.linear_1', h, vision.hiddenSize),
    ...linearShapes('multi_modal_projector.linear_2', h, h),
  ];
  return projector.bias ? linears : linears.filter(([name]) => !name.endsWith('.bias'));
}
