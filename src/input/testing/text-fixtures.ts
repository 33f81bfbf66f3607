/** The two tokenizers with goldens, and a byte-level one made by hand, as the tests of this folder use them. */
import { existsSync, readFileSync } from 'node:fs';
import { type ChatTemplate, createChatTemplate } from '../chat-template.ts';
import { chatTemplateFrom } from '../chat-template-from.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer.ts';

export interface TextFixture {
  readonly name: string;
  readonly imageTokenId: number;
  readonly tokenizerJson: Record<string, unknown>;
  readonly tokenizer: Tokenizer;
  readonly template: ChatTemplate;
  readonly strings: {
    /** [string, ids with special tokens, decoded, decoded with specials skipped] */
    readonly strings: readonly (readonly [string, number[], string, string])[];
    /** [ids, decoded with specials skipped] */
    readonly random_ids: readonly (readonly [number[], string])[];
  };
  readonly cases: readonly {
    readonly name: string;
    readonly messages: readonly { role: string; content: readonly Record<string, string>[] }[];
    readonly prompt: string;
    readonly input_ids: number[];
  }[];
}

const root = new URL('../../../', import.meta.url);
const json = (path: string) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));

function open(name: string, model: string, goldens: string, imageTokenId: number): TextFixture {
  const jinja = new URL(`${model}/chat_template.jinja`, root);
  const tokenizerJson = json(`${model}/tokenizer.json`);
  const tokenizer = createTokenizer(tokenizerJson, json(`${model}/tokenizer_config.json`));
  const source = chatTemplateFrom(
    existsSync(jinja)
      ? { chatTemplateJinja: readFileSync(jinja, 'utf8') }
      : { chatTemplateJson: json(`${model}/chat_template.json`) },
  );
  const now = () => new Date(2025, 0, 31);
  return {
    name,
    imageTokenId,
    tokenizerJson,
    tokenizer,
    template: createChatTemplate(source, { namedTokens: tokenizer.namedTokens, now }),
    strings: json(`${goldens}/strings.json`),
    cases: json(`${goldens}/cases.json`).cases,
  };
}

const gqa = 'fixtures/families/llava-gqa';
export const tiny = open('tiny', 'models/tiny/target', 'fixtures/tiny', 1022);
export const fixtures: readonly TextFixture[] = [tiny, open('llava-gqa', gqa, gqa, 638)];

/** Those whose pictures take room by their size. */
const sized = [
  ['llava-next', 698],
  ['smolvlm', 738],
  ['qwen2-vl', 692],
  ['qwen2.5-vl', 632],
] as const;

/** All tokenizers and templates with goldens. */
export const textFixtures: readonly TextFixture[] = [
  ...fixtures,
  ...sized.map(([name, imageTokenId]) => {
    const folder = `fixtures/families/${name}`;
    return open(name, folder, folder, imageTokenId);
  }),
];

/** tokenizer.json in the manner of GPT-2 and Qwen: 256 bytes, a few merges, specials at the end. */
export function byteLevelJson(overrides: Record<string, unknown> = {}) {
  const printable = (byte: number) =>
    (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const rest = bytes.filter((byte) => !printable(byte));
  const alphabet = bytes.map((byte) =>
    String.fromCharCode(printable(byte) ? byte : 0x100 + rest.indexOf(byte)),
  );
  const merges = [
    ['Ġ', 'a'],
    ['1', '2'],
    ['<', '|'],
    ['¿', "'"], // last byte of U+FEFF, a quote
    ['£', 'Ù'], // last byte of ٣, first byte of ٤
  ];
  const tokens = [...alphabet, ...merges.map((pair) => pair.join(''))];
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  const special = (content: string, id: number) => ({ id, content, ...flags, special: true });
  return {
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
    added_tokens: [special('<|end|>', 261), special('<|image|>', 262)],
    normalizer: { type: 'NFC' },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: true },
    post_processor: { type: 'ByteLevel', add_prefix_space: false },
    decoder: { type: 'ByteLevel' },
    ...overrides,
  };
}
