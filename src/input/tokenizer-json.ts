/**
 * Reads tokenizer.json and tokenizer_config.json into what the tokenizer is built from. Only parts whose output was
 * compared with Hugging Face's tokenizers library pass; the rest is refused by name rather than tokenised almost right.
 */
import * as z from 'zod';
import { TokenizerError } from '../contracts/errors.ts';
import type { AddedToken } from './added-tokens.ts';
import { componentType, readPostProcessor, type Surroundings } from './post-processor.ts';
import { mendPreTokenizer } from './pre-tokenizer.ts';

/** The two files, checked. */
export interface TokenizerSpec extends Surroundings {
  /** What @huggingface/tokenizers is given: model, normalizer and pre-tokenizer, without added tokens. */
  readonly library: object;
  readonly decoder: unknown;
  readonly cleanUpSpaces: boolean;
  readonly added: readonly AddedToken[];
  /** `bos_token` → `<s>` and so on, as chat templates see them. */
  readonly namedTokens: Readonly<Record<string, string>>;
}

const isTable = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const addedTokenFlags = {
  content: z.string().min(1),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().optional(),
  special: z.boolean().default(false),
};
const id = z.int().nonnegative();
const tokenizerFile = z.object({
  model: z.looseObject({
    type: z.string().optional(),
    // Long tables: `checkModel` goes over their entries faster than a schema would.
    vocab: z.custom<Record<string, unknown>>(isTable, 'expected tokens and ids'),
    merges: z.custom<unknown[]>(Array.isArray, 'expected a list'),
    dropout: z.number().nullish(),
    continuing_subword_prefix: z.string().nullish(),
    end_of_word_suffix: z.string().nullish(),
  }),
  added_tokens: z.array(z.object({ id, ...addedTokenFlags })).default([]),
  normalizer: z.unknown().optional(),
  pre_tokenizer: z.unknown().optional(),
  post_processor: z.unknown().optional(),
  decoder: z.unknown().optional(),
});
const namedToken = z.union([z.string(), z.object({ content: z.string() })]);
const configFile = z.object({
  added_tokens_decoder: z.record(z.string(), z.object(addedTokenFlags)).default({}),
  additional_special_tokens: z.array(namedToken).nullish(),
  extra_special_tokens: z.union([z.record(z.string(), namedToken), z.array(namedToken)]).nullish(),
  /** Where transformers 5 writes a record of them. */
  model_specific_special_tokens: z.record(z.string(), namedToken).nullish(),
  clean_up_tokenization_spaces: z.boolean().nullish(),
});

/** Throws TokenizerError with one sentence that names the file and the place. */
export function readTokenizerJson(tokenizerJson: unknown, tokenizerConfig: unknown): TokenizerSpec {
  const file = parse(tokenizerFile, tokenizerJson, 'tokenizer.json');
  const config = parse(configFile, tokenizerConfig ?? {}, 'tokenizer_config.json');
  checkModel(file.model);
  checkNormalizer(file.normalizer);
  const extra = config.extra_special_tokens ?? {};
  const namedTokens = {
    ...namesOf(tokenizerConfig, (key) => key.endsWith('_token')),
    ...(Array.isArray(extra) ? {} : namesOf(extra, () => true)),
    ...namesOf(config.model_specific_special_tokens, () => true),
  };
  const unnamed = [
    ...(config.additional_special_tokens ?? []),
    ...(Array.isArray(extra) ? extra : []),
  ];
  const special = new Set([...Object.values(namedTokens), ...unnamed.map(spelling)]);
  return {
    library: {
      model: { ...file.model, type: 'BPE' },
      normalizer: file.normalizer ?? null,
      pre_tokenizer: mendPreTokenizer(file.pre_tokenizer ?? null),
      post_processor: null,
      decoder: null,
      added_tokens: [],
    },
    decoder: file.decoder,
    cleanUpSpaces: config.clean_up_tokenization_spaces ?? false,
    added: addedTokens(file, config, special),
    namedTokens,
    ...readPostProcessor(file.post_processor ?? null),
  };
}

function parse<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const place = issue?.path.join('.') || 'the whole file';
  throw new TokenizerError(
    `${name}: ${place} is not as published (${issue?.message ?? 'unreadable'}); fetch the file again.`,
  );
}

type ModelConfig = z.infer<typeof tokenizerFile>['model'];

function checkModel(model: ModelConfig): void {
  const refuse = (problem: string): never => {
    throw new TokenizerError(`tokenizer.json: ${problem}`);
  };
  if (model.type !== undefined && model.type !== 'BPE') {
    refuse(`model type "${model.type}" is not supported; supported: BPE.`);
  }
  if (model.dropout || model.continuing_subword_prefix || model.end_of_word_suffix) {
    refuse('BPE with dropout, subword prefix or word suffix is not supported.');
  }
  for (const [token, value] of Object.entries(model.vocab)) {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
      refuse(`the id of token ${JSON.stringify(token)} is not a whole number; fetch it again.`);
    }
  }
  const isKnown = (token: unknown): token is string =>
    typeof token === 'string' && Object.hasOwn(model.vocab, token);
  for (const merge of model.merges) {
    const pair: unknown = typeof merge === 'string' ? merge.split(' ') : merge;
    const [left, right]: unknown[] = Array.isArray(pair) && pair.length === 2 ? pair : [];
    if (!isKnown(left) || !isKnown(right) || !isKnown(left + right)) {
      refuse(
        `merge ${JSON.stringify(merge)} uses tokens that the vocabulary lacks; fetch it again.`,
      );
    }
  }
}

const NORMALIZERS = ['Sequence', 'Prepend', 'Replace', 'NFC', 'NFD', 'NFKC', 'NFKD'];
const normalizer = z.object({
  type: z.enum(NORMALIZERS),
  normalizers: z.array(z.unknown()).default([]),
});

function checkNormalizer(value: unknown): void {
  if (value === null || value === undefined) return;
  const read = normalizer.safeParse(value);
  if (!read.success) {
    throw new TokenizerError(
      `tokenizer.json: normalizer "${componentType(value)}" is not supported; supported: ${NORMALIZERS.join(', ')}.`,
    );
  }
  read.data.normalizers.forEach(checkNormalizer);
}

/**
 * tokenizer.json's own, then what only tokenizer_config.json lists, then named tokens (`eos_token`, …) that are plain
 * vocabulary so far: Hugging Face adds these at load. `specials` are special whatever their flag says.
 */
function addedTokens(
  file: z.infer<typeof tokenizerFile>,
  config: z.infer<typeof configFile>,
  specials: ReadonlySet<string>,
): AddedToken[] {
  const found = new Map(file.added_tokens.map((token) => [token.content, token]));
  for (const [id, token] of Object.entries(config.added_tokens_decoder)) {
    if (!found.has(token.content)) found.set(token.content, { ...token, id: Number(id) });
  }
  for (const content of specials) {
    const id = file.model.vocab[content];
    if (found.has(content) || typeof id !== 'number') continue;
    const flags = { single_word: false, lstrip: false, rstrip: false, special: true };
    found.set(content, { id, content, ...flags });
  }
  return [...found.values()].map((token) => ({
    id: token.id,
    content: token.content,
    singleWord: token.single_word,
    lstrip: token.lstrip,
    rstrip: token.rstrip,
    normalized: token.normalized ?? !token.special,
    special: token.special || specials.has(token.content),
  }));
}

function namesOf(value: unknown, wanted: (key: string) => boolean): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  const names: Record<string, string> = {};
  for (const [key, entry] of Object.entries(value)) {
    const token = namedToken.safeParse(entry);
    if (wanted(key) && token.success) names[key] = spelling(token.data);
  }
  return names;
}

function spelling(token: z.infer<typeof namedToken>): string {
  return typeof token === 'string' ? token : token.content;
}
