import { describe, expect, it } from 'vitest';
import { withNamedTokens } from './named-tokens.ts';

describe('withNamedTokens', () => {
  it.each([
    ['LlamaTokenizer', '<s>', '</s>'],
    ['LlamaTokenizerFast', '<s>', '</s>'],
    ['Qwen2Tokenizer', undefined, '<|endoftext|>'],
    ['GPT2TokenizerFast', '<|endoftext|>', '<|endoftext|>'],
    ['PreTrainedTokenizerFast', undefined, undefined],
  ])('fills in what %s calls BOS and EOS', (name, bos, eos) => {
    const filled = withNamedTokens({ tokenizer_class: name }, {}) as Record<string, string>;
    expect([filled.bos_token, filled.eos_token]).toEqual([bos, eos]);
  });

  it('leaves a name that the config gives, null too', () => {
    const config = { tokenizer_class: 'LlamaTokenizer', bos_token: null, eos_token: '<end>' };
    expect(withNamedTokens(config, {})).toMatchObject({ bos_token: null, eos_token: '<end>' });
  });

  it('lets special_tokens_map.json go first, but not before a config that lists added tokens', () => {
    const map = { eos_token: { content: '<end>' } };
    expect(withNamedTokens({ eos_token: '</s>' }, map)).toMatchObject(map);
    const listed = { eos_token: '</s>', added_tokens_decoder: {} };
    expect(withNamedTokens(listed, map)).toMatchObject({ eos_token: '</s>' });
  });

  it('hands on what is no config at all, for the reader of the file to refuse', () => {
    expect(withNamedTokens('x', {})).toBe('x');
  });
});
