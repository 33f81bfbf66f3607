import { LONGEST } from '../../draft/suffix-index.ts';
import type { Tokenizer } from '../../input/tokenizer.ts';

/** The tokens that a request foretells. Special tokens spelt in it are read as such. */
export function predictedIds(
  { tokenizer }: { readonly tokenizer: Pick<Tokenizer, 'encode'> },
  prediction: string | undefined,
): Int32Array | undefined {
  if (prediction === undefined) return undefined;
  return tokenizer.encode(prediction, { addSpecialTokens: false });
}

/** Behind the prompt's last ones, by which their beginning is found. */
export function behindPrompt(ids: Int32Array, prompt: Int32Array): Int32Array {
  const before = prompt.subarray(-LONGEST);
  const all = new Int32Array(before.length + ids.length);
  all.set(before);
  all.set(ids, before.length);
  return all;
}
