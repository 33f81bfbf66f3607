import { describe, expect, it } from 'vitest';
import { repositoryPath } from '../input/node/testing/read-goldens.ts';
import { endTokens } from './end-tokens.ts';
import { planImport } from './plan-import.ts';

const tokensOf = (texts: readonly string[]) => texts.map((text, id) => ({ id, text, type: 1 }));
const endsOf = (...texts: string[]) => endTokens(tokensOf(texts), {}).map(({ text }) => text);

describe('tokens that end an answer by their spelling', () => {
  it('are those of every chat format, and control tokens whatever the file says', () => {
    const ends = endTokens(tokensOf(['a', '<|im_end|>', '<|im_start|>', '<|eot_id|>']), {});
    expect(ends).toEqual([
      { id: 1, text: '<|im_end|>', type: 3 },
      { id: 3, text: '<|eot_id|>', type: 3 },
    ]);
  });

  it('leave out <|end|> and </s> in formats where these only end a part', () => {
    expect(endsOf('<|end|>', '<|return|>', '<|call|>')).toEqual(['<|return|>', '<|call|>']);
    expect(endsOf('<|end|>', '<|call|>')).toEqual(['<|end|>', '<|call|>']);
    expect(endsOf('</s>', '<|tool_response>')).toEqual(['<|tool_response>']);
  });

  it('are one of a kind for code models, the one that the metadata names first', () => {
    expect(endsOf('<fim-pad>', '<|fim_pad|>', '<|file_sep|>')).toEqual([
      '<|fim_pad|>',
      '<|file_sep|>',
    ]);
    const tokens = tokensOf(['<|fim_pad|>', '<mine>']);
    const named = endTokens(tokens, { fim_pad: { id: 1, text: '<mine>', type: 1 } });
    expect(named.map(({ text }) => text)).toEqual(['<mine>']);
  });

  it('end an imported Llama 3 whose metadata names <|end_of_text|> alone', async () => {
    const file = repositoryPath('fixtures/gguf/llama3-eos-end_of_text.gguf');
    const { texts } = await planImport(file, 'F32');
    const json = (name: string) => JSON.parse(texts.get(name) ?? '');
    const { added_tokens: added } = json('tokenizer.json');
    const spellings = json('generation_config.json').eos_token_id.map(
      (id: number) => added.find((token: { id: number }) => token.id === id).content,
    );
    expect(spellings.sort()).toEqual(['<|end_of_text|>', '<|eot_id|>']);
  });
});
