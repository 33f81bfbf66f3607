import type { Idefics3Config, VisionConfig } from '../../contracts/checkpoint.ts';
import { visionLayerShapes } from '../clip/clip-shapes.ts';
import { decoderLayout } from '../decoder/decoder-layout.ts';
import { normShapes, type Shapes, type TensorLayout } from '../tensor-layout.ts';

const TOWER = 'model.vision_model';

/** Published Idefics3 and SmolVLM files. */
export function idefics3Layout({ decoder, vision, shuffle }: Idefics3Config): TensorLayout {
  const body = decoderLayout(decoder, { model: 'model.text_model.', head: 'lm_head.weight' });
  const square = shuffle ** 2 * vision.hiddenSize;
  return {
    ...body,
    required: [
      ...body.required,
      ...siglipShapes(vision),
      ['model.connector.modality_projection.proj.weight', [decoder.hiddenSize, square]],
    ],
    styles: [],
  };
}

function siglipShapes(vision: VisionConfig): Shapes {
  const { hiddenSize: h, patchSize: p } = vision;
  const patches = Math.floor(vision.imageSize / p) ** 2;
  return [
    [`${TOWER}.embeddings.patch_embedding.weight`, [h, 3, p, p]],
    [`${TOWER}.embeddings.patch_embedding.bias`, [h]],
    [`${TOWER}.embeddings.position_embedding.weight`, [patches, h]],
    ...Array.from({ length: vision.layers }, (_, i) => visionLayerShapes(vision, TOWER, i)).flat(),
    ...normShapes(`${TOWER}.post_layernorm`, h),
  ];
}
