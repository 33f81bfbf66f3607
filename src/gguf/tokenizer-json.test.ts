import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../contracts/errors.ts';
import { textFixtures } from '../input/testing/text-fixtures.ts';
import { createTokenizer } from '../input/tokenizer.ts';
import { mergesFromScores } from './score-merges.ts';
import { metadataOfTokenizer } from './testing/metadata-of-tokenizer.ts';
import type { TestMetadata } from './testing/write-gguf.ts';
import { tokenizerJson } from './tokenizer-json.ts';
import { readTokenizerMetadata } from './tokenizer-metadata.ts';

/** How llama.cpp calls the words of each fixture; SentencePiece has no name. */
const PRE: Readonly<Record<string, string | undefined>> = {
  smolvlm: 'smollm',
  'qwen2-vl': 'qwen2',
  'qwen2.5-vl': 'qwen2',
};

/** tokenizer.json, as other programs read it. */
function built(metadata: TestMetadata) {
  const read = readTokenizerMetadata('x.gguf', new Map(Object.entries(metadata)), 1e6);
  return JSON.parse(JSON.stringify(tokenizerJson('x.gguf', read)));
}

describe.each(textFixtures)('the tokenizer of $name, from metadata', (fixture) => {
  const json = Object(fixture.tokenizerJson);
  const metadata = metadataOfTokenizer(json, PRE[fixture.name]);
  const tokenizer = createTokenizer(built(metadata), {});

  it('gives every string the ids that Hugging Face gives it', () => {
    const wrong = fixture.strings.strings.filter(
      ([text, want]) => tokenizer.encode(text, { addSpecialTokens: true }).join() !== want.join(),
    );
    expect(fixture.strings.strings).toHaveLength(2430);
    expect(wrong).toEqual([]);
  });

  it('gives every string’s ids the text that Hugging Face gives them', () => {
    const wrong = fixture.strings.strings.filter(
      ([, ids, shown, skipped]) =>
        tokenizer.decode(ids, { skipSpecialTokens: false }) !== shown ||
        tokenizer.decode(ids, { skipSpecialTokens: true }) !== skipped,
    );
    expect(wrong).toEqual([]);
  });
});

describe('mergesFromScores', () => {
  it('ranks the cuts as transformers does', () => {
    const pieces = '<0x0A> ▁ a b c é ab bc abc ▁a ▁ab ▁abc cab éa aé 😀 😀a cabab'.split(' ');
    const scores = [0, -1, -2, -3, -4, -5, -6, -6, -7, -8, -6, -9.5, -3, -20, -20, -21, -0.5, -7];
    const tokens = pieces.map((text, id) => ({ id, text, type: 1 }));
    const merges = mergesFromScores(tokens, Float32Array.from(scores));
    // transformers 4.57.6, convert_slow_tokenizer.generate_merges
    expect(merges.map((pair) => pair.join(' '))).toEqual(
      '😀 a|c ab|▁a b|▁ ab|a b|b c|cab ab|ab c|a bc|▁ a|▁ab c|▁a bc|▁ abc|é a|a é'.split('|'),
    );
  });
});

describe('a byte-level tokenizer', () => {
  const metadata = (more: TestMetadata): TestMetadata => ({
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.tokens': ['a', 'b', 'ab', '<end>', '<mid>', '[PAD5]'],
    'tokenizer.ggml.token_type': Int32Array.of(1, 1, 1, 3, 4, 5),
    'tokenizer.ggml.merges': ['a b'],
    'tokenizer.ggml.bos_token_id': 3,
    'tokenizer.ggml.eos_token_id': 3,
    ...more,
  });

  it.each(['default', 'gpt-2', 'smollm', 'llama-bpe', 'qwen2'])('cuts words as %s', (pre) => {
    const file = built(metadata({ 'tokenizer.ggml.pre': pre }));
    const tokenizer = createTokenizer(file, {});
    const ids = tokenizer.encode('ab<mid>a', { addSpecialTokens: true });
    expect([...ids]).toEqual([...(pre === 'llama-bpe' ? [3] : []), 2, 4, 0]);
    expect(file.model.ignore_merges).toBe(pre === 'llama-bpe');
  });

  it('lists added tokens at the end of the vocabulary only once, and no padding', () => {
    const file = built(metadata({ 'tokenizer.ggml.pre': 'qwen2' }));
    expect(file.model.vocab).toEqual({ a: 0, b: 1, ab: 2 });
    expect(file.added_tokens).toMatchObject([
      { id: 3, content: '<end>', special: true },
      { id: 4, content: '<mid>', special: false },
    ]);
  });

  it('puts BOS and EOS around a text where the file says so', () => {
    const around = { 'tokenizer.ggml.add_bos_token': true, 'tokenizer.ggml.add_eos_token': true };
    const file = built(metadata({ 'tokenizer.ggml.pre': 'qwen2', ...around }));
    const ids = createTokenizer(file, {}).encode('ab', { addSpecialTokens: true });
    expect([...ids]).toEqual([3, 2, 3]);
  });

  it.each<[string, TestMetadata, RegExp]>([
    ['no name for its words', {}, /ggml.pre is missing/],
    ['an unknown name', { 'tokenizer.ggml.pre': 'tekken' }, /"tekken"; this version cuts words as/],
  ])('is refused with %s', (_, more, message) => {
    expect(() => built(metadata(more))).toThrow(message);
    expect(() => built(metadata(more))).toThrow(CheckpointError);
  });
});
