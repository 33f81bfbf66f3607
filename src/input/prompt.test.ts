import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChatTemplateError, PlaceholderError } from '../contracts/errors.ts';
import { type ChatTemplate, createChatTemplate } from './chat-template.ts';
import { type NormalMessage, normaliseMessages } from './messages.ts';
import { buildPrompt } from './prompt.ts';
import { byteLevelJson, fixtures, tiny } from './testing/text-fixtures.ts';
import { createTokenizer } from './tokenizer.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const { tokenizer, imageTokenId } = tiny;
const open = (source: string) =>
  createChatTemplate(source, { namedTokens: tokenizer.namedTokens, now: () => new Date(0) });
const build = (
  messages: readonly NormalMessage[],
  imageTokens: number[] = [],
  template: ChatTemplate = tiny.template,
) =>
  buildPrompt({
    tokenizer,
    template,
    messages,
    imageTokenId,
    layouts: imageTokens.map(layoutOf),
  });
/** A picture of so many embeddings in a row. */
const layoutOf = (count: number) => ({ ids: Array<number>(count).fill(imageTokenId) });
const says = (...texts: string[]): NormalMessage[] => [
  { role: 'user', content: texts.map((text) => ({ type: 'text', text })) },
];
const decode = (ids: Int32Array) => tokenizer.decode(ids, { skipSpecialTokens: true });

describe.each(fixtures)('$name', ({ cases, tokenizer, template, imageTokenId }) => {
  it.each(cases)('gives case $name the ids of Hugging Face', ({ messages, prompt, input_ids }) => {
    const given = messages.map(({ role, content }) => ({
      role,
      content: content.map((part) => (part.type === 'image' ? { ...part, image: 'x.png' } : part)),
    }));
    const normal = normaliseMessages(given);
    const run = input_ids.filter((id) => id === imageTokenId).length / normal.images.length;
    const layouts = normal.images.map(() => ({ ids: Array<number>(run).fill(imageTokenId) }));
    const built = buildPrompt({ tokenizer, template, ...normal, imageTokenId, layouts });
    expect(built.text).toBe(prompt);
    expect([...built.ids]).toEqual(input_ids);
    for (const { start, length } of built.spans) {
      expect(new Set(built.ids.slice(start, start + length))).toEqual(new Set([imageTokenId]));
      expect([built.ids[start - 1], built.ids[start + length]]).not.toContain(imageTokenId);
    }
    expect(built.spans).toHaveLength(normal.images.length);
  });
});

describe('placeholders', () => {
  const picture = { type: 'image' } as const;

  it('are widened to runs of their own length, adjacent ones too', () => {
    const messages: NormalMessage[] = [{ role: 'user', content: [picture, picture] }];
    const { ids, spans } = build(
      messages,
      [2, 3],
      open(
        "{% for p in messages[0].content %}{{ '<image>' if p.type == 'image' else p.text }}{% endfor %}",
      ),
    );
    expect([...ids]).toEqual([tokenizer.tokenId('<s>'), ...Array(5).fill(imageTokenId)]);
    expect(spans).toEqual([
      { start: 1, length: 2, picture: 0, row: 0 },
      { start: 3, length: 3, picture: 1, row: 0 },
    ]);
  });

  it('must be as many as the pictures, neither fewer nor more', () => {
    const one: NormalMessage[] = [
      { role: 'user', content: [picture, ...(says('a')[0]?.content ?? [])] },
    ];
    expect(() => build(one, [])).toThrow(PlaceholderError);
    expect(() => build(one, [4, 4])).toThrow(PlaceholderError);
    expect(() => build(says('<image>'), [4])).toThrow('holds 0 image placeholders, for 1 picture');
  });

  it('dropped in silence by a template for plain text are noticed', () => {
    const plain = open('{% for m in messages %}{{ m.content }}{% endfor %}');
    const one: NormalMessage[] = [
      { role: 'user', content: [picture, { type: 'text', text: 'a' }] },
    ];
    expect(() => build(one, [4], plain)).toThrow(PlaceholderError);
  });
});

describe('BOS', () => {
  const bos = tokenizer.tokenId('<s>');
  const count = (ids: Int32Array) => ids.filter((id) => id === bos).length;

  it('is the tokenizer’s when the template writes none, also where the user types one', () => {
    const bare = open('{% for p in messages[0].content %}{{ p.text }}{% endfor %}');
    const { ids } = build(says('<s>Hi'), [], bare);
    expect(ids[0]).toBe(bos);
    expect(count(ids)).toBe(1);
  });

  it('is not doubled when the template writes it', () => {
    const own = open('{{ bos_token }}{% for p in messages[0].content %}{{ p.text }}{% endfor %}');
    expect(count(build(says('Hi'), [], own).ids)).toBe(1);
  });
});

/** Text with all that might be, or become, a special token. */
const tricky = fc
  .array(
    fc.oneof(
      fc.constantFrom(...tokenizer.specialTokens, '</S>', '<IMAGE>'),
      fc.constantFrom('<', '>', '/s>', '</s', 's', 'image', '<ima', ' ', '\n', '\t', '', '\uE000'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join('').replaceAll('▁', ' '));
const specialIds = (ids: Int32Array) => [...ids].filter((id) => tokenizer.isSpecial(id));

describe('special tokens typed by the user stay text', () => {
  it('word for word: the decoded prompt is the rendered one', () => {
    const property = fc.property(tricky, (text) => {
      const built = build(says(text));
      expect(built.text).toBe(`USER: ${text} ASSISTANT:`);
      expect(tokenizer.decode(built.ids, { skipSpecialTokens: true })).toBe(built.text);
      expect(specialIds(built.ids)).toEqual([tokenizer.tokenId('<s>')]);
    });
    fc.assert(property, { numRuns });
  });

  it('in every turn, while the template’s own stay special', () => {
    const property = fc.property(tricky, tricky, tricky, tricky, (system, first, answer, last) => {
      const chat = (...texts: [string, string, string, string]): NormalMessage[] => {
        const [a, b, c, d] = texts.map((text) => ({ type: 'text', text }) as const);
        if (!a || !b || !c || !d) throw new Error('four texts');
        return [
          { role: 'system', content: [a] },
          { role: 'user', content: [{ type: 'image' }, b] },
          { role: 'assistant', content: [c] },
          { role: 'user', content: [d] },
        ];
      };
      const built = build(chat(system, first, answer, last), [2]);
      expect(specialIds(built.ids)).toEqual(specialIds(build(chat('a', 'b', 'c', 'd'), [2]).ids));
    });
    fc.assert(property, { numRuns });
  });

  it('and without any, ids are those of the whole rendered prompt', () => {
    const property = fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const built = build(says(text));
      expect(built.ids).toEqual(tokenizer.encode(built.text, { addSpecialTokens: true }));
    });
    fc.assert(property, { numRuns });
  });

  it('in byte-level tokenizers, where composing characters stand beside them', () => {
    const byteLevel = createTokenizer(byteLevelJson(), {});
    const template = open(
      '<|image|>{% for p in messages[0].content %}{{ p.text }}{% endfor %}<|end|>',
    );
    const text = 'e\u0301<|image|>e\u0301<|end|>\u0301';
    const ids = buildPrompt({
      tokenizer: byteLevel,
      template,
      messages: says(text),
      imageTokenId: byteLevel.tokenId('<|image|>') ?? -1,
      layouts: [{ ids: [byteLevel.tokenId('<|image|>') ?? -1] }],
    }).ids;
    expect([...ids].filter((id) => byteLevel.isSpecial(id))).toHaveLength(2);
    expect(byteLevel.decode(ids, { skipSpecialTokens: true })).toBe(text.normalize('NFC'));
  });

  const each = (body: string) =>
    open(`{% for m in messages %}{% for p in m.content %}${body}{% endfor %}{% endfor %}`);
  it.each<[string, ChatTemplate, string[], string]>([
    ['trim', each('{{ p.text | trim }}|'), [' </s> '], '</s>|'],
    ['upper-case', each('{{ p.text | upper }}'), ['a</s>'], 'A</S>'],
    ['lower-case what is no special yet', each('{{ p.text | lower }}'), ['</S>'], '</s>'],
    ['join parts to a special', each('{{ p.text }}'), ['a<', '/s>'], 'a</s>'],
    ['trim and join', each('{{ p.text | trim }}'), ['a< ', ' /s>'], 'a</s>'],
    ['take characters out', each("{{ p.text.replace('-', '') }}"), ['a<-/s>'], 'a</s>'],
    ['take specials out', each("{{ p.text.replace('</s>', '') }}"), ['<</s>/s>'], '<</s>/s>'],
    ['complete a special', each("{{ '<' + p.text + '>' }}"), ['/s'], '</s>'],
    [
      'count characters (the guard counts)',
      each('{{ p.text | length }}{{ p.text }}'),
      ['a</s>b'],
      '7a</s>b',
    ],
    ['cut', each('{{ p.text[:7] }}|'), ['a</s>bcd'], 'a</s>b|'],
    [
      'look at the start',
      each("{% if p.text.startswith('a</') %}{{ p.text }}{% endif %}|"),
      ['ab</s>'],
      '|',
    ],
    ['split', each("{{ p.text.split('think')[-1] }}"), ['a think</s>b'], '</s>b'],
    [
      'count and join',
      each('{% if p.text | length < 5 %}{{ p.text }}{% endif %}'),
      ['a<', '/s>'],
      'a</s>',
    ],
    ['count and lower-case', each('{{ p.text | length }}{{ p.text | lower }}'), ['</S>'], '5</s>'],
  ])('with templates that %s', (_, template, texts, shown) => {
    const { ids } = build(says(...texts), [], template);
    expect(decode(ids)).toBe(shown);
    expect(specialIds(ids)).toEqual([tokenizer.tokenId('<s>')]);
  });

  it('in tools and documents, names of fields too', () => {
    const template = open('{{ tools | tojson }}{{ documents }}{{ bos_token }}');
    const offered = {
      tools: [{ type: 'function', function: { name: 'a</s>', properties: { '<s>': 1 } } }],
      documents: [{ title: '<image>', text: '<s' }],
    };
    const { text, ids } = buildPrompt({
      tokenizer,
      template,
      messages: says('Hi'),
      offered,
      imageTokenId,
      layouts: [],
    });
    expect(text).toBe(
      '[{"type": "function", "function": {"name": "a</s>", "properties": {"<s>": 1}}}]' +
        "[{'title': '<image>', 'text': '<s'}]<s>",
    );
    expect(specialIds(ids)).toEqual([tokenizer.tokenId('<s>'), tokenizer.tokenId('<s>')]);
    expect(decode(ids)).toBe(text.slice(0, -'<s>'.length));
  });

  it('also where a template prints lists as Python does', () => {
    const { ids, text } = build(says("it's </s>"), [], open('{{ messages }}'));
    expect(text).toContain('"it\'s </s>"');
    expect(specialIds(ids)).toEqual([tokenizer.tokenId('<s>')]);
  });

  it('and change nothing for a template that counts when none was typed', () => {
    const counting = each('{{ p.text | length }}{{ p.text }}');
    expect(build(says('abc', 'de'), [], counting).text).toBe('3abc2de');
  });
});

it('adds no BOS of its own where the model reads no pictures', () => {
  const messages = says('Hi');
  const template = open('{{ messages[0].content[0].text }}');
  const rendered = (imageTokenId: number | undefined) =>
    buildPrompt({ tokenizer, template, messages, imageTokenId, layouts: [] }).ids;
  expect([...rendered(undefined)]).toEqual([...rendered(1022)].slice(1));
  expect(rendered(1022)[0]).toBe(tokenizer.tokenId('<s>'));
});

describe('tools and documents that the template leaves out', () => {
  const build = (source: string, offered: Parameters<typeof buildPrompt>[0]['offered']) =>
    buildPrompt({
      tokenizer,
      template: open(source),
      messages: says('Hi'),
      ...(offered && { offered }),
      imageTokenId,
      layouts: [],
    });

  it('are refused in words', () => {
    const tools = [{ type: 'function' }];
    expect(() => build('a', { tools })).toThrow(ChatTemplateError);
    expect(() => build('a', { tools })).toThrow('has no place for tools; leave them out');
    expect(() => build('{{ tools }}', { tools, documents: [{}] })).toThrow('for documents');
  });

  it('but not empty lists, nor what a template demands', () => {
    expect(build('a', { tools: [], documents: [] }).text).toBe('a');
    const demanding = "{{ raise_exception('tools!') if not tools }}a";
    expect(build(demanding, { tools: [{}] }).text).toBe('a');
  });
});

it('passes the template’s refusal on', () => {
  const strict = open("{{ raise_exception('no') }}");
  expect(() => build(says('Hi'), [], strict)).toThrow(ChatTemplateError);
});
