/**
 * How llama.cpp's byte-level tokenizers cut words, by the name in `tokenizer.ggml.pre`, as the parts of a tokenizer.json
 * that cut the same.
 */
import { CheckpointError } from '../contracts/errors.ts';
import { printable } from '../contracts/printable.ts';

export interface WordRules {
  readonly normalizer: object | null;
  readonly preTokenizer: object;
  /** A word that is a token stays whole, whatever the merges make of it. */
  readonly ignoreMerges: boolean;
  /** Whether a text begins with BOS where the file doesn't say. */
  readonly addBos: boolean;
}

/** Words as GPT-2 has them, as tokenizer.json says it: also where llama.cpp spells the pattern out. */
const GPT2 = byteLevel(true);

const BYTES_ONLY = byteLevel(false);

function byteLevel(useRegex: boolean): object {
  return { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: useRegex };
}

function isolate(...patterns: string[]): object[] {
  return patterns.map((Regex) => ({
    type: 'Split',
    pattern: { Regex },
    behavior: 'Isolated',
    invert: false,
  }));
}

function inSequence(...pretokenizers: object[]): object {
  return { type: 'Sequence', pretokenizers };
}

/** `digits`: how many digits a number's token may have. */
function modernWords(digits: string): string {
  return `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
}

const plain = { normalizer: null, ignoreMerges: false, addBos: false };

const gpt2: WordRules = { ...plain, preTokenizer: GPT2 };
/** llama.cpp's own, for files whose converter knew no better: it cuts punctuation and numbers by threes as well. */
const llamaCppDefault: WordRules = {
  ...plain,
  preTokenizer: inSequence(
    ...isolate(
      '[\\p{P}\\$\\+<=>\\^~\\|]+',
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)",
      '\\p{N}+',
      '[0-9][0-9][0-9]',
    ),
    BYTES_ONLY,
  ),
};
const smollm: WordRules = {
  ...plain,
  preTokenizer: inSequence({ type: 'Digits', individual_digits: true }, GPT2),
};
const llama3: WordRules = {
  normalizer: null,
  preTokenizer: inSequence(...isolate(modernWords('{1,3}')), BYTES_ONLY),
  ignoreMerges: true,
  addBos: true,
};
const qwen2: WordRules = {
  ...plain,
  normalizer: { type: 'NFC' },
  preTokenizer: inSequence(...isolate(modernWords('')), BYTES_ONLY),
};

const RULES: ReadonlyMap<string, WordRules> = new Map([
  ['default', llamaCppDefault],
  ['gpt-2', gpt2],
  ['smollm', smollm],
  ['llama-bpe', llama3],
  ['llama3', llama3],
  ['llama-v3', llama3],
  ['qwen2', qwen2],
]);

/** @throws CheckpointError for a name that isn't known, or none. */
export function wordRules(path: string, pre: string | undefined): WordRules {
  const rules = pre === undefined ? undefined : RULES.get(pre);
  if (rules !== undefined) return rules;
  const known = [...RULES.keys()].join(', ');
  throw new CheckpointError(
    path,
    `tokenizer.ggml.pre is ${printable(pre)}; this version cuts words as ${known} only. Convert the model again with a current llama.cpp, or use another.`,
  );
}
