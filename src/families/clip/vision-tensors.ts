/** The layer that CLIP and SigLIP towers have in common, as their files name it. */
import type { VisionConfig, WeightRef } from '../../contracts/checkpoint.ts';
import type { LinearWeights } from '../../graph/blocks/linear.ts';
import type { VisionLayerWeights, VisionNorm } from '../../model/vision-layer.ts';
import type { Tensors } from '../family.ts';
import { linearShapes, normShapes, type Shapes } from '../tensor-layout.ts';

/** The tensors of one layer and their shapes. */
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

/** The tensors of a tower by their published names, under its prefix. */
export function visionTensors(tensors: Tensors, prefix: string) {
  const get = (name: string) => tensors.get(prefix + name) as WeightRef;
  const norm = (name: string): VisionNorm => ({
    gain: get(`${name}.weight`),
    bias: get(`${name}.bias`),
  });
  const matrix = (name: string): LinearWeights => ({
    weight: get(`${name}.weight`),
    bias: get(`${name}.bias`),
  });
  const layer = (index: number): VisionLayerWeights => {
    const at = `encoder.layers.${index}.`;
    return {
      norm1: norm(`${at}layer_norm1`),
      attention: [
        matrix(`${at}self_attn.q_proj`),
        matrix(`${at}self_attn.k_proj`),
        matrix(`${at}self_attn.v_proj`),
      ],
      output: matrix(`${at}self_attn.out_proj`),
      norm2: norm(`${at}layer_norm2`),
      expand: matrix(`${at}mlp.fc1`),
      contract: matrix(`${at}mlp.fc2`),
    };
  };
  const layers = (count: number) => Array.from({ length: count }, (_, index) => layer(index));
  return { get, norm, matrix, layers };
}
