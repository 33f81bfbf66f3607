/** tokenizer.json, as Hugging Face's tokenizers library reads it, from a GGUF file's metadata. */
import { CheckpointError } from '../contracts/errors.ts';
import { printable } from '../contracts/printable.ts';
import { type GgufToken, TOKEN_TYPE } from './gguf-token.ts';
import { wordRules } from './pre-tokenizers.ts';
import { mergesFromScores } from './score-merges.ts';
import type { TokenizerMetadata } from './tokenizer-metadata.ts';

type Pair = readonly [string, string];

/** @throws CheckpointError where words are cut in an unknown way, or merges do not fit the tokens. */
export function tokenizerJson(path: string, metadata: TokenizerMetadata): object {
  const { vocab, added } = splitVocabulary(metadata.tokens);
  const parts =
    metadata.model === 'gpt2'
      ? byteLevelParts(path, metadata, vocab)
      : sentencePieceParts(path, metadata, vocab);
  const { addBos, merges, model, ...rest } = parts;
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added.map(addedToken),
    ...rest,
    post_processor: surroundings(path, metadata, metadata.addBos ?? addBos),
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      ...model,
      vocab: Object.fromEntries(vocab.map(({ text, id }) => [text, id])),
      merges,
    },
  };
}

/** Whether a text must spell it as it is. */
function isAdded({ type }: GgufToken): boolean {
  return (
    type === TOKEN_TYPE.control || type === TOKEN_TYPE.userDefined || type === TOKEN_TYPE.unknown
  );
}

/**
 * The model's own tokens, and the added ones. As published files have it, added tokens at the end of the vocabulary
 * stand only in their own list; rows that pad the table to a round size are no tokens.
 */
function splitVocabulary(tokens: readonly GgufToken[]) {
  const used = tokens.slice(0, tokens.findLastIndex(({ type }) => type !== TOKEN_TYPE.unused) + 1);
  const end = used.findLastIndex((token) => !isAdded(token)) + 1;
  return { vocab: used.slice(0, end), added: used.filter(isAdded) };
}

function addedToken({ id, text, type }: GgufToken): object {
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return { id, content: text, ...flags, special: type !== TOKEN_TYPE.userDefined };
}

function byteLevelParts(path: string, metadata: TokenizerMetadata, vocab: readonly GgufToken[]) {
  const { normalizer, preTokenizer, ignoreMerges, addBos } = wordRules(path, metadata.pre);
  return {
    normalizer,
    pre_tokenizer: preTokenizer,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { ignore_merges: ignoreMerges },
    merges: storedMerges(path, metadata.merges, vocab),
    addBos,
  };
}

/** A merge is two tokens with a space between; a byte-level token has none inside. */
function storedMerges(
  path: string,
  merges: readonly string[] | undefined,
  vocab: readonly GgufToken[],
): Pair[] {
  if (merges === undefined) {
    throw new CheckpointError(path, 'tokenizer.ggml.merges is missing; fetch another file.');
  }
  const known = new Set(vocab.map(({ text }) => text));
  return merges.map((merge) => {
    const [left = '', right = '', ...more] = merge.split(' ');
    if (more.length > 0 || ![left, right, left + right].every((text) => known.has(text))) {
      const problem = `merge ${printable(merge)} uses tokens that the vocabulary lacks; fetch another file.`;
      throw new CheckpointError(path, problem);
    }
    return [left, right] as const;
  });
}

const SPACE = '▁';

function sentencePieceParts(
  path: string,
  { tokens, scores, named, addSpacePrefix }: TokenizerMetadata,
  vocab: readonly GgufToken[],
) {
  if (scores === undefined) {
    throw new CheckpointError(path, 'tokenizer.ggml.scores is missing; fetch another file.');
  }
  const unknown = named.unknown ?? tokens.find(({ type }) => type === TOKEN_TYPE.unknown);
  const replace = { type: 'Replace', pattern: { String: ' ' }, content: SPACE };
  const steps = [
    { type: 'Replace', pattern: { String: SPACE }, content: ' ' },
    { type: 'ByteFallback' },
    { type: 'Fuse' },
  ];
  const strip = { type: 'Strip', content: ' ', start: 1, stop: 0 };
  const prepend = { type: 'Prepend', prepend: SPACE };
  return {
    normalizer: {
      type: 'Sequence',
      normalizers: addSpacePrefix ? [prepend, replace] : [replace],
    },
    pre_tokenizer: null,
    decoder: { type: 'Sequence', decoders: addSpacePrefix ? [...steps, strip] : steps },
    model: {
      unk_token: unknown?.text ?? null,
      fuse_unk: true,
      byte_fallback: vocab.some(({ type }) => type === TOKEN_TYPE.byte),
    },
    merges: mergesFromScores(
      vocab.filter(({ type }) => type === TOKEN_TYPE.normal),
      scores,
    ),
    addBos: true,
  };
}

/** What stands around a text: BOS, EOS, or nothing. */
function surroundings(
  path: string,
  { named, addEos }: TokenizerMetadata,
  addBos: boolean,
): object | null {
  const before = addBos ? [required(path, 'bos', named.bos)] : [];
  const after = addEos ? [required(path, 'eos', named.eos)] : [];
  if (before.length + after.length === 0) return null;
  const special = ({ text }: GgufToken) => ({ SpecialToken: { id: text, type_id: 0 } });
  const sequence = (id: string) => ({ Sequence: { id, type_id: id === 'A' ? 0 : 1 } });
  const around = (id: string) => [...before.map(special), sequence(id), ...after.map(special)];
  return {
    type: 'TemplateProcessing',
    single: around('A'),
    pair: [...around('A'), ...around('B')],
    special_tokens: Object.fromEntries(
      [...before, ...after].map(({ id, text }) => [text, { id: text, ids: [id], tokens: [text] }]),
    ),
  };
}

function required(path: string, name: string, token: GgufToken | undefined): GgufToken {
  if (token !== undefined) return token;
  const problem = `texts begin or end with a token but tokenizer.ggml.${name}_token_id is missing; fetch another file.`;
  throw new CheckpointError(path, problem);
}
