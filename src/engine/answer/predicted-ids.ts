import { LONGEST } from '../../draft/suffix-index.ts';
import type { Tokenizer } from '../../input/tokenizer.ts';

/**
 * The tokens that a request foretells, behind the prompt's last ones, by which their beginning is found. Special tokens
 * spelt in it are read as such.
 */
export function predictedIds(
  { tokenizer }: { readonly tokenizer: Pick<Tokenizer, 'encode'> },
  prediction: string | undefined,
  prompt: Int32Array,
): Int32Array | undefined {
  if (prediction === undefined) return undefined;
  const ids = tokenizer.encode(prediction, { addSpecialTokens: false });
  const before = prompt.subarray(-LONGEST);
  const all = new Int32Array(before.length + ids.length);
  all.set(before);
  all.set(ids, before.length);
  return all;
}
