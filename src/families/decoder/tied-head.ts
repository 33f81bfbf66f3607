import * as z from 'zod';

/** What the root of a config with a `text_config` says of the head. */
export const tiedFields = {
  tie_word_embeddings: z.boolean().nullish(),
  transformers_version: z.string().nullish(),
};

type TiedFields = z.output<z.ZodObject<typeof tiedFields>>;

/**
 * Whether the head is the embedding table: transformers up to 4 asks `text_config` alone, 5 the root. Files of 5 may have
 * it at the root alone, and files by hand say no version.
 */
export function tiedHead(root: TiedFields, text: boolean): boolean {
  const older = /^[0-4]\./.test(root.transformers_version ?? '');
  return older ? text : (root.tie_word_embeddings ?? text);
}
