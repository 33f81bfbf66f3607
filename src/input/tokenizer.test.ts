import { describe, expect, it } from 'vitest';
import { TokenizerError } from '../contracts/errors.ts';
import { byteLevelJson, textFixtures, tiny } from './testing/text-fixtures.ts';
import { createTokenizer } from './tokenizer.ts';

const ids = (values: Int32Array) => [...values];
const plain = { addSpecialTokens: false };

describe.each(textFixtures)('$name against Hugging Face', ({ tokenizer, strings: goldens }) => {
  it('encodes every string to the same ids', () => {
    const wrong = goldens.strings.filter(
      ([text, want]) =>
        ids(tokenizer.encode(text, { addSpecialTokens: true })).join() !== want.join(),
    );
    expect(goldens.strings).toHaveLength(2430);
    expect(wrong).toEqual([]);
  });

  it('decodes every string’s ids to the same text, specials shown and skipped', () => {
    const wrong = goldens.strings.filter(
      ([, from, shown, skipped]) =>
        tokenizer.decode(from, { skipSpecialTokens: false }) !== shown ||
        tokenizer.decode(from, { skipSpecialTokens: true }) !== skipped,
    );
    expect(wrong).toEqual([]);
  });

  it('decodes random ids, with their broken byte runs, to the same text', () => {
    const wrong = goldens.random_ids.filter(
      ([from, want]) => tokenizer.decode(from, { skipSpecialTokens: true }) !== want,
    );
    expect(goldens.random_ids).toHaveLength(300);
    expect(wrong).toEqual([]);
  });
});

describe('guards', () => {
  const { tokenizer, imageTokenId } = tiny;
  const options = { addSpecialTokens: false, guard: '\uE000' };

  it('turn the special they stand in into characters, and leave the others special', () => {
    const mixed = ids(tokenizer.encode('a <\uE000image> b</s>', options));
    expect(mixed).not.toContain(imageTokenId);
    expect(tokenizer.decode(mixed, { skipSpecialTokens: false })).toBe('a <image> b</s>');
    expect(mixed.at(-1)).toBe(tokenizer.tokenId('</s>'));
  });

  it('change nothing where they stand in plain text', () => {
    const guarded = tokenizer.encode('Two \uE000words<image>th\uE000ere', options);
    expect(guarded).toEqual(tokenizer.encode('Two words<image>there', plain));
  });
});

describe('byte-level tokenizers', () => {
  const tokenizer = createTokenizer(byteLevelJson(), { eos_token: '<|end|>' });

  it('take U+FEFF for no white space, as Hugging Face does', () => {
    const got = ids(tokenizer.encode(" \uFEFF'a", plain)); // the mark and the quote are one word
    expect(got.map((id) => tokenizer.tokenText(id))).toEqual(['Ġ', 'ï', '»', "¿'", 'a']);
  });

  it('compose by NFC before the bytes are taken', () => {
    expect(tokenizer.encode('e\u0301', plain)).toEqual(tokenizer.encode('é', plain));
  });

  it('give a replacement character for what is not UTF-8', () => {
    const [first = 0] = tokenizer.encode('é', plain);
    expect(tokenizer.decode([first], { skipSpecialTokens: true })).toBe('\uFFFD');
    expect(tokenizer.decode([first, 261], { skipSpecialTokens: false })).toBe('\uFFFD<|end|>');
  });

  it('cut digits apart, those of other scripts too', () => {
    const digits = { type: 'Digits', individual_digits: true };
    const bytes = { type: 'ByteLevel', add_prefix_space: false, use_regex: false };
    const pretokenizers = [digits, bytes];
    const cut = createTokenizer(
      byteLevelJson({ pre_tokenizer: { type: 'Sequence', pretokenizers } }),
      {},
    );
    const counts = (text: string) => [cut, tokenizer].map((one) => one.encode(text, plain).length);
    expect(counts('12')).toEqual([2, 1]);
    expect(counts('٣٤')).toEqual([4, 3]);
  });
});

describe('Metaspace', () => {
  const { added_tokens, model, decoder } = tiny.tokenizerJson;
  const open = (pre_tokenizer: object) =>
    createTokenizer({ added_tokens, model, decoder, normalizer: null, pre_tokenizer }, {});
  const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false };
  const texts = (tokenizer: ReturnType<typeof open>, text: string) =>
    ids(tokenizer.encode(text, plain)).map((id) => tokenizer.tokenText(id));

  it('of scheme "first" is put before the text but not after a special token', () => {
    const tokenizer = open(metaspace);
    expect(texts(tokenizer, 'The<image>The')).toEqual([
      ...texts(tokenizer, 'The'),
      '<image>',
      ...texts(open({ ...metaspace, prepend_scheme: 'never' }), 'The'),
    ]);
  });

  it('that splits never lets a token reach over two spaces', () => {
    const spaces = {
      model: { type: 'BPE', vocab: { '▁': 0, '▁▁': 1, a: 2 }, merges: ['▁ ▁'] },
      decoder: { type: 'Fuse' },
    };
    const count = (split: boolean) =>
      createTokenizer({ ...spaces, pre_tokenizer: { ...metaspace, split } }, {}).encode(
        'a  a',
        plain,
      ).length;
    expect([count(false), count(true)]).toEqual([4, 5]);
  });
});

describe('names', () => {
  it('are those of tokenizer_config.json, plain or as objects', () => {
    const config = { bos_token: { content: '<|end|>' }, pad_token: null, add_bos_token: true };
    const tokenizer = createTokenizer(byteLevelJson(), config);
    expect(tokenizer.namedTokens).toEqual({ bos_token: '<|end|>' });
  });

  it('make a token special that tokenizer.json lists as plain vocabulary', () => {
    const tokenizer = createTokenizer(byteLevelJson(), { eos_token: '<|' });
    const got = ids(tokenizer.encode('a<|', plain));
    expect(tokenizer.decode(got, { skipSpecialTokens: true })).toBe('a');
  });

  it('of extra special tokens may be a record or, without names, a list', () => {
    const record = createTokenizer(byteLevelJson(), { extra_special_tokens: { mark: '<|' } });
    const list = createTokenizer(byteLevelJson(), { extra_special_tokens: ['<|'] });
    expect(record.namedTokens).toEqual({ mark: '<|' });
    expect(record.specialTokens).toContain('<|');
    expect(list.specialTokens).toEqual(record.specialTokens);
  });

  it('of a model stand in a record of their own where transformers 5 wrote the file', () => {
    const config = { model_specific_special_tokens: { mark: '<|' } };
    const { namedTokens, specialTokens } = createTokenizer(byteLevelJson(), config);
    expect(namedTokens).toEqual({ mark: '<|' });
    expect(specialTokens).toContain('<|');
  });

  it('come with tokens that only tokenizer_config.json adds', () => {
    const config = { added_tokens_decoder: { 300: { content: '<|new|>', special: true } } };
    const tokenizer = createTokenizer(byteLevelJson(), config);
    expect(ids(tokenizer.encode('a<|new|>', plain))).toEqual([0x61, 300]);
    expect(tokenizer.vocabSize).toBe(301);
  });
});

it('gives no text for ids that the tokenizer lacks, as Hugging Face does', () => {
  const got = tiny.tokenizer.decode([1_000_000, 353, 986], { skipSpecialTokens: true });
  expect(got).toBe(tiny.tokenizer.decode([353, 986], { skipSpecialTokens: true }));
});

describe('broken files', () => {
  const { model } = byteLevelJson();
  it.each<[string, unknown, RegExp]>([
    ['nothing', null, /the whole file/],
    ['a list', [], /the whole file/],
    ['no model', { ...byteLevelJson(), model: undefined }, /model/],
    ['no merges', byteLevelJson({ model: { type: 'BPE', vocab: {} } }), /model\.merges/],
    ['Unigram', byteLevelJson({ model: { ...model, type: 'Unigram' } }), /"Unigram"/],
    ['an id that is text', byteLevelJson({ model: { ...model, vocab: { a: 'b' } } }), /"a"/],
    ['a merge of unknowns', byteLevelJson({ model: { ...model, merges: ['x yz'] } }), /"x yz"/],
    ['dropout', byteLevelJson({ model: { ...model, dropout: 0.1 } }), /dropout/],
    ['an odd added token', byteLevelJson({ added_tokens: [{ id: -1 }] }), /added_tokens\.0\.id/],
    ['a normalizer', byteLevelJson({ normalizer: { type: 'BertNormalizer' } }), /BertNormalizer/],
    ['a pre-tokenizer', byteLevelJson({ pre_tokenizer: { type: 'BertPreTokenizer' } }), /BertPre/],
    ['a broken pattern', byteLevelJson({ pre_tokenizer: splitBy('(') }), /can't be used/],
    ['a post-processor', byteLevelJson({ post_processor: { type: 'BertProcessing' } }), /BertPro/],
    ['a decoder', byteLevelJson({ decoder: { type: 'WordPiece' } }), /"WordPiece"/],
    ['no decoder', byteLevelJson({ decoder: null }), /"none"/],
  ])('%s: one sentence names the place', (_, file, place) => {
    expect(() => createTokenizer(file, {})).toThrow(TokenizerError);
    expect(() => createTokenizer(file, {})).toThrow(place);
  });

  it('names tokenizer_config.json where that is the broken one', () => {
    const config = { added_tokens_decoder: 3 };
    expect(() => createTokenizer(byteLevelJson(), config)).toThrow(/^tokenizer_config\.json/);
  });
});

function splitBy(regex: string) {
  return { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false };
}
