import type {
  Qwen2VlConfig,
  Qwen25VlConfig,
  QwenVisionConfig,
} from '../../contracts/checkpoint.ts';
import { decoderLayout } from '../decoder/decoder-layout.ts';
import { linearShapes, normShapes, type Shapes, type TensorLayout } from '../tensor-layout.ts';

/** What transformers 4.52 and later may write, and the published name that each stands for. */
const NEWER_STYLE = [
  ['model.language_model.', 'model.'],
  ['model.visual.', 'visual.'],
] as const;

/** Tensors that the two towers have each in their way; `at` is where a part's names begin. */
interface Parts {
  readonly norm: (at: string) => Shapes;
  readonly mlp: (at: string) => Shapes;
}

export function qwen2VlLayout(config: Qwen2VlConfig): TensorLayout {
  const { hiddenSize: h, intermediateSize: m } = config.vision;
  return layoutOf(config, {
    norm: (at) => normShapes(at, h),
    mlp: (at) => [...linearShapes(`${at}.fc1`, m, h), ...linearShapes(`${at}.fc2`, h, m)],
  });
}

export function qwen25VlLayout(config: Qwen25VlConfig): TensorLayout {
  const { hiddenSize: h, intermediateSize: m } = config.vision;
  return layoutOf(config, {
    norm: (at) => [[`${at}.weight`, [h]]],
    mlp: (at) => [
      ...linearShapes(`${at}.gate_proj`, m, h),
      ...linearShapes(`${at}.up_proj`, m, h),
      ...linearShapes(`${at}.down_proj`, h, m),
    ],
  });
}

function layoutOf({ decoder, vision }: Qwen2VlConfig | Qwen25VlConfig, parts: Parts): TensorLayout {
  const body = decoderLayout(decoder, { model: 'model.', head: 'lm_head.weight' });
  const tower = towerShapes(vision, decoder.hiddenSize, parts);
  return { ...body, required: [...body.required, ...tower], styles: NEWER_STYLE };
}

function towerShapes(vision: QwenVisionConfig, out: number, { norm, mlp }: Parts): Shapes {
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
