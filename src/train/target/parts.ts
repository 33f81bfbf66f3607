/** The parts of a target that learn at rates of their own. */
export type Part = 'projector' | 'tower' | 'decoder' | 'embeddings';

/** The part that a tensor of the published layout belongs to. */
export function partOf(name: string): Part {
  if (name.startsWith('vision_tower.')) return 'tower';
  if (name.startsWith('multi_modal_projector.')) return 'projector';
  const table = name.endsWith('embed_tokens.weight') || name.endsWith('lm_head.weight');
  return table ? 'embeddings' : 'decoder';
}
