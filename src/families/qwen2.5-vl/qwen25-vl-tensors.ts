import { qwenVlLayout } from '../qwen-vl/qwen-vl-tensors.ts';
import { linearShapes, type TensorLayout } from '../tensor-layout.ts';
import type { Qwen25VlConfig } from './qwen25-vl-config.ts';

export function qwen25VlLayout(config: Qwen25VlConfig): TensorLayout {
  const { hiddenSize: h, intermediateSize: m } = config.vision;
  return qwenVlLayout(config, {
    norm: (at) => [[`${at}.weight`, [h]]],
    mlp: (at) => [
      ...linearShapes(`${at}.gate_proj`, m, h),
      ...linearShapes(`${at}.up_proj`, m, h),
      ...linearShapes(`${at}.down_proj`, h, m),
    ],
  });
}
