import type { Product, WeightRef } from '../../contracts/checkpoint.ts';
import type { LinearWeights } from '../../graph/blocks/linear.ts';
import type { Value } from '../../graph/graph.ts';
import { clipVision } from '../../model/clip-vision.ts';
import { project } from '../../model/projector.ts';
import { visionLayerProducts } from '../../model/vision-layer.ts';
import { clipVisionWeights } from '../clip/clip-tensors.ts';
import type { Tensors } from '../family.ts';
import type { LlavaParts } from './llava-parts.ts';
import { layersUsed, PROJECTOR, TOWER } from './llava-tensors.ts';

type Parts = Pick<LlavaParts, 'vision' | 'projector'>;

/** What the decoder reads of b pictures, one after the other: pixels [b, 3, S, S] → [b·imageTokens, H] */
export function visualEmbeddings(pixels: Value, config: Parts, tensors: Tensors): Value {
  const { tower, projector } = visionWeights(config, tensors);
  return project(clipVision(pixels, config.vision, tower), config.projector, projector);
}

/** The products of tower and projector. The patches' convolution is none. */
export function llavaVisionProducts(config: Parts, tensors: Tensors): Product<WeightRef>[] {
  const { tower, projector } = visionWeights(config, tensors);
  const last = projector.map(({ weight }) => ({ matrices: [weight] }));
  return [...tower.layers.flatMap(visionLayerProducts), ...last];
}

function visionWeights({ vision, projector }: Parts, tensors: Tensors) {
  const used = layersUsed(vision, projector);
  const layer = (name: string): LinearWeights => {
    const at = `${PROJECTOR}.${name}`;
    const matrix = { weight: tensors.get(`${at}.weight`) as WeightRef };
    return projector.bias ? { ...matrix, bias: tensors.get(`${at}.bias`) as WeightRef } : matrix;
  };
  return {
    tower: clipVisionWeights(tensors, `${TOWER}.`, used),
    projector: [layer('linear_1'), layer('linear_2')] as const,
  };
}
