import * as z from 'zod';
import { only, parseFields, tokenId } from '../contracts/config-fields.ts';
import { CheckpointError } from '../contracts/errors.ts';
import { printable } from '../contracts/printable.ts';
import { type CodeToken, endTokens } from './end-tokens.ts';
import { type GgufToken, TOKEN_TYPE } from './gguf-token.ts';
import type { GgufValue } from './header.ts';

const texts = z.custom<readonly string[]>(
  (value) => Array.isArray(value) && value.every((text) => typeof text === 'string'),
);
const numbers = z.custom<Int32Array | Float32Array>(
  (value) => value instanceof Int32Array || value instanceof Float32Array,
);
const id = tokenId.optional();
const flag = z.boolean().optional();

const schema = z.object({
  'tokenizer.ggml.model': z.enum(['llama', 'gpt2']),
  'tokenizer.ggml.pre': z.string().optional(),
  'tokenizer.ggml.tokens': texts,
  'tokenizer.ggml.token_type': numbers.optional(),
  'tokenizer.ggml.scores': numbers.optional(),
  'tokenizer.ggml.merges': texts.optional(),
  'tokenizer.ggml.bos_token_id': id,
  'tokenizer.ggml.eos_token_id': id,
  'tokenizer.ggml.eot_token_id': id,
  'tokenizer.ggml.eom_token_id': id,
  'tokenizer.ggml.unknown_token_id': id,
  'tokenizer.ggml.fim_pad_token_id': id,
  'tokenizer.ggml.fim_rep_token_id': id,
  'tokenizer.ggml.fim_sep_token_id': id,
  'tokenizer.ggml.padding_token_id': id,
  'tokenizer.ggml.add_bos_token': flag,
  'tokenizer.ggml.add_eos_token': flag,
  'tokenizer.ggml.add_space_prefix': flag,
  'tokenizer.ggml.remove_extra_whitespaces': only(false),
});

type Fields = z.output<typeof schema>;

/** What the metadata says of the tokenizer; the names are those of `tokenizer.ggml.…`. */
export interface TokenizerMetadata {
  readonly model: 'llama' | 'gpt2';
  readonly pre: string | undefined;
  readonly tokens: readonly GgufToken[];
  readonly scores: Float32Array | undefined;
  readonly merges: readonly string[] | undefined;
  /** Named tokens: bos, eos, eot, eom, unknown, padding. */
  readonly named: Readonly<Record<TokenName, GgufToken | undefined>>;
  /** Tokens that end an answer by their spelling alone. */
  readonly ends: readonly GgufToken[];
  readonly addBos: boolean | undefined;
  readonly addEos: boolean;
  readonly addSpacePrefix: boolean;
}

const NAMES = ['bos', 'eos', 'eot', 'eom', 'unknown', 'padding'] as const;
type TokenName = (typeof NAMES)[number];
const CODE_NAMES = ['fim_pad', 'fim_rep', 'fim_sep'] as const;

/** What llama.cpp takes for a SentencePiece vocabulary's where the metadata names none. */
const SENTENCE_PIECE: Readonly<Partial<Record<TokenName | CodeToken, number>>> = {
  unknown: 0,
  bos: 1,
  eos: 2,
};

/**
 * @param vocab rows of the embedding table: more tokens have no place
 * @throws CheckpointError for another tokenizer, and for lists and ids that do not fit each other.
 */
export function readTokenizerMetadata(
  path: string,
  metadata: ReadonlyMap<string, GgufValue>,
  vocab: number,
): TokenizerMetadata {
  const own = [...metadata].filter(([name]) => name.startsWith('tokenizer.ggml.'));
  const fields = parseFields(path, schema, Object.fromEntries(own));
  const wrong = (problem: string) => new CheckpointError(path, `the tokenizer ${problem}.`);
  const given = tokensOf(fields, wrong);
  if (given.length > vocab) {
    throw wrong(`has ${given.length} tokens but token_embd.weight only ${vocab} rows`);
  }
  const assumed = fields['tokenizer.ggml.model'] === 'llama' ? SENTENCE_PIECE : {};
  const named = (name: TokenName | CodeToken) => {
    const place = fields[`tokenizer.ggml.${name}_token_id`];
    const token = given[place ?? assumed[name] ?? -1];
    if (place === undefined || token !== undefined) return [name, token] as const;
    throw wrong(`has ${given.length} tokens but its ${name}_token_id is ${place}`);
  };
  const ends = endTokens(given, Object.fromEntries(CODE_NAMES.map(named)));
  const endings = new Map(ends.map((token) => [token.id, token]));
  const tokens = given.map((token) => endings.get(token.id) ?? token);
  const scores = fields['tokenizer.ggml.scores'];
  if (scores !== undefined && scores.length !== tokens.length) {
    throw wrong(`has ${tokens.length} tokens but ${scores.length} scores`);
  }
  return {
    model: fields['tokenizer.ggml.model'],
    pre: fields['tokenizer.ggml.pre'],
    tokens,
    scores: scores && Float32Array.from(scores),
    merges: fields['tokenizer.ggml.merges'],
    named: Object.fromEntries(NAMES.map(named)) as TokenizerMetadata['named'],
    ends,
    addBos: fields['tokenizer.ggml.add_bos_token'],
    addEos: fields['tokenizer.ggml.add_eos_token'] ?? false,
    addSpacePrefix: fields['tokenizer.ggml.add_space_prefix'] ?? true,
  };
}

function tokensOf(fields: Fields, wrong: (problem: string) => CheckpointError): GgufToken[] {
  const spellings = fields['tokenizer.ggml.tokens'];
  const types = fields['tokenizer.ggml.token_type'];
  if (types !== undefined && types.length !== spellings.length) {
    throw wrong(`has ${spellings.length} tokens but types of ${types.length}`);
  }
  const idOf = new Map<string, number>();
  return spellings.map((text, id) => {
    const before = idOf.get(text);
    if (before !== undefined) throw wrong(`has ${printable(text)} twice: ids ${before} and ${id}`);
    idOf.set(text, id);
    const type = types?.[id] ?? TOKEN_TYPE.normal;
    if (!Object.values(TOKEN_TYPE).includes(type)) {
      throw wrong(`has ${printable(text)} of unknown type ${type}`);
    }
    return { id, text, type };
  });
}
