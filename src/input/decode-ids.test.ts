import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenizerError } from '../contracts/errors.ts';
import { compileDecoder } from './decode-ids.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

function decode(decoder: unknown, tokens: readonly string[], cleanUpSpaces = false): string {
  const stream = compileDecoder(decoder, cleanUpSpaces)();
  return tokens.map((token) => stream.push(token)).join('') + stream.flush();
}
const sequence = (...decoders: object[]) => ({ type: 'Sequence', decoders });
const fuse = { type: 'Fuse' };
const replace = (from: string, content: string) => ({
  type: 'Replace',
  pattern: { String: from },
  content,
});
const strip = (start: number, stop: number) => ({ type: 'Strip', content: ' ', start, stop });

describe('ByteFallback', () => {
  const bytes = { type: 'ByteFallback' };
  it.each([
    ['a whole character', ['<0xE4>', '<0xBD>', '<0xA0>'], '你'],
    ['one bad byte, which spoils its run', ['<0x41>', '<0xFF>', 'a', '<0x42>'], '\uFFFD\uFFFDaB'],
    ['a byte order mark', ['<0xEF>', '<0xBB>', '<0xBF>'], '\uFEFF'],
    ['spellings that are no byte', ['<0x4>', '<0xGG>', '0x41'], '<0x4><0xGG>0x41'],
  ])('%s', (_, tokens, text) => {
    expect(decode(bytes, tokens)).toBe(text);
  });
});

describe('ByteLevel', () => {
  it('keeps a byte order mark and passes tokens outside its alphabet as they are', () => {
    expect(decode({ type: 'ByteLevel' }, ['ï', '»', '¿', 'Ġa', '<é 你>'])).toBe('\uFEFF a<é 你>');
  });
});

describe('Metaspace', () => {
  const metaspace = { type: 'Metaspace', replacement: '▁' };
  it('drops the space of the first token only', () => {
    expect(decode(metaspace, ['▁a', '▁b▁c'])).toBe('a b c');
  });
  it('keeps it where none was put in front', () => {
    expect(decode({ ...metaspace, prepend_scheme: 'never' }, ['▁a', '▁b'])).toBe(' a b');
  });
});

describe('before and after Fuse', () => {
  it('Strip works on each token, then on the text', () => {
    expect(decode(sequence(strip(1, 1)), ['  a ', ' b  '])).toBe(' ab ');
    expect(decode(sequence(fuse, strip(1, 1)), ['  a ', ' b  '])).toBe(' a  b ');
    expect(decode(sequence(fuse, strip(2, 2)), [' ', ' ', ' a', ' ', ' ', ' '])).toBe(' a ');
    expect(decode(sequence(fuse, strip(0, 2)), ['a ', ' ', ' '])).toBe('a ');
  });

  it('Replace works on each token, then on the text', () => {
    expect(decode(sequence(replace('ab', '-')), ['a', 'b', 'ab'])).toBe('ab-');
    expect(decode(sequence(fuse, replace('ab', '-')), ['a', 'b', 'ab'])).toBe('--');
  });

  it('Replace over pieces equals Replace over the whole text', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b') });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4 });
    const property = fc.property(fc.array(letters), pattern, (pieces, from) => {
      const got = decode(sequence(fuse, replace(from, '$&')), pieces);
      expect(got).toBe(pieces.join('').replaceAll(from, () => '$&'));
    });
    fc.assert(property, { numRuns });
  });
});

it('cleans up spaces before punctuation over the bounds of tokens when the tokenizer says so', () => {
  const tokens = ['It', ' ', "'s", ' we', " 're", ' here', ' ', '!', ' do', " n't", ' .'];
  expect(decode(fuse, tokens, true)).toBe("It's we're here! don't.");
  expect(decode(fuse, tokens)).toBe("It 's we 're here ! do n't .");
});

describe('refused with the decoder’s name', () => {
  it.each<[string, unknown]>([
    ['CTC', { type: 'CTC' }],
    ['BPEDecoder', sequence({ type: 'BPEDecoder', suffix: '</w>' })],
    ['ByteFallback', sequence(fuse, { type: 'ByteFallback' })],
    ['Metaspace', sequence(fuse, { type: 'Metaspace', replacement: '▁' })],
    ['Replace', { type: 'Replace', pattern: { Regex: 'a' }, content: '' }],
    ['Strip', { type: 'Strip', content: '', start: 1, stop: 0 }],
    ['unreadable', 'ByteLevel'],
  ])('%s', (name, decoder) => {
    expect(() => compileDecoder(decoder, false)).toThrow(TokenizerError);
    expect(() => compileDecoder(decoder, false)).toThrow(name);
  });
});
