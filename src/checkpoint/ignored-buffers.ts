const SUFFIXES = ['position_ids', 'rotary_emb.inv_freq'];

/**
 * Buffers that older versions of transformers stored beside the weights: they follow from the config, and are often
 * of a type that no weight has.
 */
export function isIgnoredBuffer(name: string): boolean {
  return SUFFIXES.some((suffix) => name === suffix || name.endsWith(`.${suffix}`));
}
