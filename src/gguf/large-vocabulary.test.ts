/** Vocabularies as long as published ones: a Qwen2.5 has 151,387 merges, a Llama 3 280,147. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../checkpoint/testing/folders.ts';
import { readJsonFile } from '../files/json-file.ts';
import { byteLevelJson } from '../input/testing/text-fixtures.ts';
import { createTokenizer } from '../input/tokenizer.ts';
import { tokenizerJson } from './tokenizer-json.ts';
import { readTokenizerMetadata } from './tokenizer-metadata.ts';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyzĠ'];

/** The bytes and words of their letters, each made by one merge, or by two: a word and a letter, a letter and a word. */
function grown(tokens: number, ways: 1 | 2) {
  const words = [...LETTERS];
  const merges: string[] = [];
  const bytes = Object.keys(byteLevelJson().model.vocab).slice(0, 256);
  const wanted = tokens - bytes.length + LETTERS.length;
  for (let from = 0; words.length < wanted; from++) {
    for (const letter of LETTERS.slice(0, wanted - words.length)) {
      const word = `${words[from]}${letter}`;
      words.push(word);
      merges.push(`${words[from]} ${letter}`);
      if (ways === 2 && word.length > 2) merges.push(`${word.charAt(0)} ${word.slice(1)}`);
    }
  }
  return { tokens: [...new Set([...bytes, ...words])], merges };
}

it.each([
  ['qwen2', 151_643, 1, 151_387],
  ['llama-bpe', 140_700, 2, 280_147],
] as const)(
  'a tokenizer of %s with %i tokens can be read again',
  async (pre, tokens, ways, published) => {
    const vocabulary = grown(tokens, ways);
    const metadata = new Map(
      Object.entries({
        'tokenizer.ggml.model': 'gpt2',
        'tokenizer.ggml.pre': pre,
        'tokenizer.ggml.tokens': vocabulary.tokens,
        'tokenizer.ggml.merges': vocabulary.merges,
        'tokenizer.ggml.add_bos_token': false,
      }),
    );
    const path = join(tempFolder(), 'tokenizer.json');
    const read = readTokenizerMetadata('x.gguf', metadata, 1e6);
    writeFileSync(path, JSON.stringify(tokenizerJson('x.gguf', read)));
    const tokenizer = createTokenizer(await readJsonFile(path), {});
    const ids = tokenizer.encode('name a colour, please', { addSpecialTokens: false });
    expect(vocabulary.merges.length).toBeGreaterThanOrEqual(published);
    expect(tokenizer.vocabSize).toBe(tokens);
    expect(tokenizer.decode(ids, { skipSpecialTokens: false })).toBe('name a colour, please');
  },
  120_000,
);
