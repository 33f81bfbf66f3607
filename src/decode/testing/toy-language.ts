import { uniform } from '../uniform.ts';

/** A language of a few tokens: the logits after a context depend on its last `order` tokens, by a hash. */
export interface ToyLanguage {
  readonly vocab: number;
  readonly order: number;
  readonly logits: (context: readonly number[]) => Float32Array; // [V]
}

/** @param spread scale of the logits: a large one makes the language nearly certain */
export function toyLanguage(
  vocab: number,
  order: number,
  seed: number,
  spread: number,
): ToyLanguage {
  const known = new Map<number, Float32Array>();
  const logits = (context: readonly number[]) => {
    let key = 1;
    for (const token of context.slice(-order)) key = key * vocab + token;
    let row = known.get(key);
    if (row === undefined) {
      row = Float32Array.from({ length: vocab }, (_, id) => {
        return spread * (uniform(seed, key * vocab + id) - 0.5);
      });
      known.set(key, row);
    }
    return row;
  };
  return { vocab, order, logits };
}
