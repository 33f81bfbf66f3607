/** A decoder whose tensors go by LlamaForCausalLM's names: one alone, or one behind a tower of Qwen's. */
import type { TargetConfig } from '../../contracts/checkpoint.ts';
import type { TensorLayout } from '../tensor-layout.ts';
import { decoderLayout } from './decoder-layout.ts';
import { decoderNamed } from './llama-weights.ts';

const NAMES = { model: 'model.', head: 'lm_head.weight' } as const;

export const plainDecoder = decoderNamed(NAMES);

export function plainLayout({ decoder }: Pick<TargetConfig, 'decoder'>): TensorLayout {
  return { ...decoderLayout(decoder, NAMES), styles: [] };
}
