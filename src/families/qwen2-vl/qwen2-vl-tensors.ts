import { qwenVlLayout } from '../qwen-vl/qwen-vl-tensors.ts';
import { linearShapes, normShapes, type TensorLayout } from '../tensor-layout.ts';
import type { Qwen2VlConfig } from './qwen2-vl-config.ts';

export function qwen2VlLayout(config: Qwen2VlConfig): TensorLayout {
  const { hiddenSize: h, intermediateSize: m } = config.vision;
  return qwenVlLayout(config, {
    norm: (at) => normShapes(at, h),
    mlp: (at) => [...linearShapes(`${at}.fc1`, m, h), ...linearShapes(`${at}.fc2`, h, m)],
  });
}
