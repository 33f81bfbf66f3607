import { llavaLayout } from '../llava-parts/llava-tensors.ts';
import type { TensorLayout } from '../tensor-layout.ts';
import type { LlavaNextConfig } from './llava-next-config.ts';

/** Ends a line of patches. */
export const NEWLINE = 'image_newline';

/** Published llava-v1.6 files: those of LLaVA 1.5 and one embedding more. */
export function llavaNextLayout(
  config: Pick<LlavaNextConfig, 'decoder' | 'vision' | 'projector'>,
): TensorLayout {
  const { required, styles, ...layout } = llavaLayout(config);
  return {
    ...layout,
    required: [...required, [NEWLINE, [config.decoder.hiddenSize]]],
    styles: [...styles, [`model.${NEWLINE}`, NEWLINE]],
  };
}
