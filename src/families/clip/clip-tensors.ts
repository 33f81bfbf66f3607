import type { VisionConfig } from '../../contracts/checkpoint.ts';
import type { ClipVisionWeights } from '../../model/clip-vision.ts';
import type { Tensors } from '../family.ts';
import { normShapes, type Shapes } from '../tensor-layout.ts';
import { visionLayerShapes, visionTensors } from './vision-tensors.ts';

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

/** The published names of the tower's tensors, for its first `layers` layers. */
export function clipVisionWeights(
  tensors: Tensors,
  prefix: string,
  layers: number,
): ClipVisionWeights {
  const tower = visionTensors(tensors, prefix);
  return {
    patch: tower.get('embeddings.patch_embedding.weight'),
    classToken: tower.get('embeddings.class_embedding'),
    positions: tower.get('embeddings.position_embedding.weight'),
    preNorm: tower.norm('pre_layrnorm'),
    layers: tower.layers(layers),
  };
}
