import type { VisionConfig } from '../../contracts/checkpoint.ts';
import { linearShapes, normShapes, type Shapes } from '../tensor-layout.ts';

/** The tower's first `used` layers and what stands before them, and what else is stored. */
export function clipShapes(
  vision: VisionConfig,
  used: number,
  tower: string,
): { required: Shapes; unused: Shapes } {
  const { hiddenSize: h, patchSize: p } = vision;
  const patches = (vision.imageSize / p) ** 2;
  const layers = (from: number, to: number): Shapes =>
    Array.from({ length: to - from }, (_, i) => visionLayerShapes(vision, tower, from + i)).flat();
  return {
    required: [
      [`${tower}.embeddings.class_embedding`, [h]],
      [`${tower}.embeddings.patch_embedding.weight`, [h, 3, p, p]],
      [`${tower}.embeddings.position_embedding.weight`, [patches + 1, h]],
      ...normShapes(`${tower}.pre_layrnorm`, h),
      ...layers(0, used),
    ],
    unused: [...layers(used, vision.layers), ...normShapes(`${tower}.post_layernorm`, h)],
  };
}

/** The tensors of one layer, of CLIP and SigLIP alike. */
export function visionLayerShapes(
  { hiddenSize: h, intermediateSize: m }: VisionConfig,
  tower: string,
  index: number,
): Shapes {
  const layer = `${tower}.encoder.layers.${index}`;
  return [
    ...normShapes(`${layer}.layer_norm1`, h),
    ...['q_proj', 'k_proj', 'v_proj', 'out_proj'].flatMap((part) =>
      linearShapes(`${layer}.self_attn.${part}`, h, h),
    ),
    ...normShapes(`${layer}.layer_norm2`, h),
    ...linearShapes(`${layer}.mlp.fc1`, m, h),
    ...linearShapes(`${layer}.mlp.fc2`, h, m),
  ];
}
