import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDetokenizer } from './detokenize.ts';
import { byteLevelJson, textFixtures, tiny } from './testing/text-fixtures.ts';
import { createTokenizer, type Tokenizer } from './tokenizer.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const byteLevel = { name: 'byte-level', tokenizer: createTokenizer(byteLevelJson(), {}) };

function stream(tokenizer: Tokenizer, ids: Iterable<number>): string[] {
  const detokenizer = createDetokenizer(tokenizer);
  const pieces: string[] = [];
  for (const id of ids) pieces.push(detokenizer.push(id));
  return [...pieces, detokenizer.flush()];
}

describe.each(textFixtures)('$name', ({ tokenizer, strings }) => {
  it('streams to the text that Hugging Face decodes', () => {
    const rows = [
      ...strings.random_ids,
      ...strings.strings.map(([, ids, , skipped]) => [ids, skipped] as const),
    ];
    expect(rows.filter(([ids, text]) => stream(tokenizer, ids).join('') !== text)).toEqual([]);
  });
});

describe.each([...textFixtures, byteLevel])('$name', ({ tokenizer }) => {
  const anyIds = fc.array(fc.nat(tokenizer.vocabSize + 3), { maxLength: 60 });
  const byte =
    tokenizer.tokenId('<0xF0>') === undefined ? fc.nat(255) : fc.integer({ min: 3, max: 258 });
  const manyBytes = fc.array(fc.oneof({ weight: 4, arbitrary: byte }, fc.nat(tokenizer.vocabSize)));

  it('gives pieces that join to the decoding of all ids', () => {
    const property = fc.property(fc.oneof(anyIds, manyBytes), (ids) => {
      const whole = tokenizer.decode(ids, { skipSpecialTokens: true });
      expect(stream(tokenizer, ids).join('')).toBe(whole);
    });
    fc.assert(property, { numRuns });
  });

  it('never shows a character that a later id changes', () => {
    const property = fc.property(fc.oneof(anyIds, manyBytes), anyIds, (shown, later) => {
      const pieces = stream(tokenizer, shown).slice(0, -1).join('');
      const whole = tokenizer.decode([...shown, ...later], { skipSpecialTokens: true });
      expect(whole.startsWith(pieces)).toBe(true);
      expect(pieces).not.toMatch(/\p{Surrogate}/u);
    });
    fc.assert(property, { numRuns });
  });

  it('streams what was encoded back to the text', () => {
    const kept = fc
      .string({ unit: 'grapheme' })
      .map((text) => text.normalize('NFC').replaceAll('▁', ' '));
    const property = fc.property(kept, (text) => {
      const ids = tokenizer.encode(text, { addSpecialTokens: true });
      expect(stream(tokenizer, ids).join('')).toBe(text);
    });
    fc.assert(property, { numRuns });
  });
});

describe('what is shown when', () => {
  it('a word is shown with its own id, the first without its space', () => {
    const ids = tiny.tokenizer.encode('The red square', { addSpecialTokens: false });
    const texts = [...ids].map((id) => tiny.tokenizer.tokenText(id)?.replaceAll('▁', ' '));
    expect(stream(tiny.tokenizer, ids).slice(0, -1).join('|')).toBe(texts.join('|').trimStart());
  });

  it('bytes of one character wait for the next word', () => {
    const ids = tiny.tokenizer.encode('🙂 a', { addSpecialTokens: false });
    expect(stream(tiny.tokenizer, ids).filter((piece) => piece !== '')).toEqual(['🙂 a']);
  });

  it('bytes of one character wait for the last of them in byte-level tokenizers', () => {
    const ids = byteLevel.tokenizer.encode('é!', { addSpecialTokens: false });
    expect(stream(byteLevel.tokenizer, ids)).toEqual(['', 'é', '!', '']);
  });

  it('half a character at the very end becomes U+FFFD', () => {
    expect(stream(byteLevel.tokenizer, [0xc3])).toEqual(['', '\uFFFD']);
  });

  it('special tokens are skipped unless asked for', () => {
    const detokenizer = createDetokenizer(tiny.tokenizer, { skipSpecialTokens: false });
    const eos = tiny.tokenizer.tokenId('</s>') ?? -1;
    expect(detokenizer.push(eos) + detokenizer.flush()).toBe('</s>');
    expect(stream(tiny.tokenizer, [eos])).toEqual(['', '']);
  });
});
