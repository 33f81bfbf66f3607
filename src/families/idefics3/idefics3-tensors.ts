import type { VisionConfig } from '../../contracts/checkpoint.ts';
import { visionLayerShapes } from '../clip/vision-tensors.ts';
import { decoderLayout } from '../decoder/decoder-layout.ts';
import { decoderNamed } from '../decoder/llama-weights.ts';
import { normShapes, type Shapes, type TensorLayout } from '../tensor-layout.ts';
import type { Idefics3Config } from './idefics3-config.ts';

const NAMES = { model: 'model.text_model.', head: 'lm_head.weight' };
const TOWER = 'model.vision_model';

export const idefics3Decoder = decoderNamed(NAMES);

/** Published Idefics3 and SmolVLM files. */
export function idefics3Layout({ decoder, vision, shuffle }: Idefics3Config): TensorLayout {
  const body = decoderLayout(decoder, NAMES);
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
