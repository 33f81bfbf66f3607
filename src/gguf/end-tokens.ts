/**
 * Tokens that end an answer in llama.cpp whatever the metadata says: its loader (`llama-vocab.cpp`) knows them by their
 * spelling, and takes them for control tokens then.
 */
import { type GgufToken, TOKEN_TYPE } from './gguf-token.ts';

const ENDS = new Set([
  '<|eot_id|>',
  '<|im_end|>',
  '<|end|>',
  '<|return|>',
  '<|call|>',
  '<|calls|>',
  '<|flush|>',
  '<end_of_turn>',
  '<|endoftext|>',
  '<|end_of_text|>',
  '<｜end▁of▁sentence｜>',
  '<end_of_utterance>',
  '</s>',
  '<eos>',
  '<|eom_id|>',
  '<EOT>',
  '_<EOT>',
  '[EOT]',
  '[EOS]',
  '<turn|>',
  '<|tool_response>',
  '[e~[',
]);

/** Tokens of code models that pad, name a repository or part files: one of each ends a text, unless the metadata names it. */
const OF_CODE = {
  fim_pad: ['<|fim_pad|>', '<fim-pad>', '<fim_pad>', '<PAD>', '[PAD]'],
  fim_rep: ['<|fim_repo|>', '<|repo_name|>', '<fim-repo>', '<REPO>', '<reponame>'],
  fim_sep: ['<|file_sep|>'],
} as const;

export type CodeToken = keyof typeof OF_CODE;

/** Where another token is there as well, these end nothing. */
const UNLESS: readonly (readonly [end: string, others: readonly string[]])[] = [
  ['<|end|>', ['<|return|>', '<|call|>']],
  ['<|end|>', ['<|flush|>', '<|call|>']],
  ['<|end|>', ['<|flush|>', '<|calls|>']],
  ['<|end|>', ['<|return|>', '<|calls|>']],
  ['</s>', ['<|tool_response>']],
];

/**
 * The tokens whose spelling ends an answer, as control tokens.
 * @param told those of code models that the metadata names
 */
export function endTokens(
  tokens: readonly GgufToken[],
  told: Readonly<Partial<Record<CodeToken, GgufToken>>>,
): readonly GgufToken[] {
  const byText = new Map(tokens.map((token) => [token.text, token]));
  const code = Object.entries(OF_CODE).flatMap(([kind, spellings]) => {
    const named = told[kind as CodeToken];
    const spelt = spellings.flatMap((text) => byText.get(text) ?? [])[0];
    return named ?? spelt ?? [];
  });
  const plain = UNLESS.flatMap(([end, others]) =>
    others.every((other) => byText.has(other)) ? [end] : [],
  );
  const spelt = tokens.filter(({ text }) => ENDS.has(text) && !plain.includes(text));
  const ends = [...new Map([...spelt, ...code].map((token) => [token.id, token])).values()];
  return ends.map((token) => ({ ...token, type: TOKEN_TYPE.control }));
}
