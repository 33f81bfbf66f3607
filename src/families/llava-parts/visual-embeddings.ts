import type { TensorRef } from '../../contracts/checkpoint.ts';
import type { LinearWeights } from '../../graph/blocks/linear.ts';
import type { Value } from '../../graph/graph.ts';
import { clipVision } from '../../model/clip-vision.ts';
import { project } from '../../model/projector.ts';
import { clipVisionWeights } from '../clip/clip-tensors.ts';
import type { Tensors } from '../family.ts';
import type { LlavaParts } from './llava-parts.ts';
import { layersUsed, PROJECTOR, TOWER } from './llava-tensors.ts';

/** What the decoder reads of b pictures, one after the other: pixels [b, 3, S, S] → [b·imageTokens, H] */
export function visualEmbeddings(
  pixels: Value,
  { vision, projector }: Pick<LlavaParts, 'vision' | 'projector'>,
  tensors: Tensors,
): Value {
  const used = layersUsed(vision, projector);
  const hidden = clipVision(pixels, vision, clipVisionWeights(tensors, `${TOWER}.`, used));
  const layer = (name: string): LinearWeights => {
    const at = `${PROJECTOR}.${name}`;
    const matrix = { weight: tensors.get(`${at}.weight`) as TensorRef };
    return projector.bias ? { ...matrix, bias: tensors.get(`${at}.bias`) as TensorRef } : matrix;
  };
  return project(hidden, projector, [layer('linear_1'), layer('linear_2')]);
}
