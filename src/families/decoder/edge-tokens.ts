import * as z from 'zod';
import { parseFields, tokenId } from '../../contracts/config-fields.ts';
import type { ConfigFiles } from '../config-files.ts';
import { endTokens } from './llama-config.ts';

const schema = z.object({
  eos_token_id: endTokens.nullish(),
  bos_token_id: tokenId.nullish(),
});

type EdgeFields = z.output<typeof schema>;

/** Where texts begin and end: the word of `generation_config.json`, else of the first of the configs that has one. */
export function edgeTokens(
  { generation }: Pick<ConfigFiles, 'generation'>,
  ...configs: readonly EdgeFields[]
): { eosTokenIds: readonly number[]; bosTokenId?: number } {
  const own = parseFields(generation.path, schema, generation.value);
  const told = [own, ...configs];
  const eos = told.map(({ eos_token_id: id }) => id).find((id) => id !== undefined && id !== null);
  const bos = told.map(({ bos_token_id: id }) => id).find((id) => id !== undefined && id !== null);
  return {
    eosTokenIds: [eos ?? []].flat(),
    ...(bos !== undefined && bos !== null && { bosTokenId: bos }),
  };
}
