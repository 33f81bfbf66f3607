import type { LlavaParts } from './llava-parts.ts';

/**
 * Spreads that a LLaVA's weights begin with where it is not the usual one: its tower's by width and depth (transformers'
 * CLIP, `_init_weights`), and that of the embedding that ends a line of patches.
 */
export function llavaSpread(
  { vision, decoder }: Pick<LlavaParts, 'vision' | 'decoder'>,
  name: string,
): number | undefined {
  const { hiddenSize: h, layers } = vision;
  if (name === 'image_newline') return decoder.hiddenSize ** -0.5;
  if (!name.startsWith('vision_tower.')) return undefined;
  if (name.endsWith('class_embedding')) return h ** -0.5;
  if (name.includes('.embeddings.')) return undefined;
  if (name.includes('.out_proj.')) return h ** -0.5;
  if (name.includes('.fc1.')) return (2 * h) ** -0.5;
  return h ** -0.5 * (2 * layers) ** -0.5; // q, k, v and fc2
}
