import { plainLayout } from '../decoder/plain-decoder.ts';
import { linearShapes, type Shapes, type TensorLayout } from '../tensor-layout.ts';
import type { QwenVision, QwenVlConfig } from './qwen-vl-config.ts';

/** What transformers 4.52 and later may write, and the published name that each stands for. */
const NEWER_STYLE = [
  ['model.language_model.model.', 'model.'],
  ['model.language_model.', 'model.'],
  ['language_model.model.', 'model.'],
  ['language_model.', 'model.'],
  ['model.visual.', 'visual.'],
] as const;

/** Tensors that each of the two towers has in its own way; `at` is where a part's names begin. */
interface TowerParts {
  readonly norm: (at: string) => Shapes;
  readonly mlp: (at: string) => Shapes;
}

/** Published Qwen2-VL and Qwen2.5-VL files. */
export function qwenVlLayout({ decoder, vision }: QwenVlConfig, parts: TowerParts): TensorLayout {
  const body = plainLayout({ decoder });
  const tower = towerShapes(vision, decoder.hiddenSize, parts);
  return { ...body, required: [...body.required, ...tower], styles: NEWER_STYLE };
}

function towerShapes(vision: QwenVision, out: number, { norm, mlp }: TowerParts): Shapes {
  const { hiddenSize: h, temporalPatchSize: frames, patchSize: p } = vision;
  const merged = h * vision.mergeSize ** 2;
  const block = (index: number): Shapes => {
    const at = `visual.blocks.${index}`;
    return [
      ...norm(`${at}.norm1`),
      ...linearShapes(`${at}.attn.qkv`, 3 * h, h),
      ...linearShapes(`${at}.attn.proj`, h, h),
      ...norm(`${at}.norm2`),
      ...mlp(`${at}.mlp`),
    ];
  };
  return [
    ['visual.patch_embed.proj.weight', [h, 3, frames, p, p]],
    ...Array.from({ length: vision.layers }, (_, index) => block(index)).flat(),
    ...norm('visual.merger.ln_q'),
    ...linearShapes('visual.merger.mlp.0', merged, merged),
    ...linearShapes('visual.merger.mlp.2', out, merged),
  ];
}
