import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChatTemplateError, PlaceholderError } from '../../contracts/errors.ts';
import type { AxisPositions, PictureSpan } from '../../contracts/messages.ts';
import { type ChatTemplate, createChatTemplate } from '../../input/chat-template.ts';
import { runLayout } from '../../input/encode-rendered.ts';
import type { NormalMessage } from '../../input/messages.ts';
import { buildPrompt } from '../../input/prompt.ts';
import { byteLevelJson, fixtures, tiny } from '../../input/testing/text-fixtures.ts';
import { createTokenizer, type Tokenizer } from '../../input/tokenizer.ts';
import type { TokenisedDialogue } from './dialogue.ts';
import { draftCurve, type Item, sliceRecord } from './testing/train-slice.ts';
import { tokeniseDialogue } from './tokenise-dialogue.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const place = { file: 'data.json', index: 0 };
const text = (text: string) => ({ type: 'text', text }) as const;
const picture = { type: 'image' } as const;
const user = (...content: NormalMessage['content']) => ({ role: 'user', content }) as const;
const assistant = (reply: string) => ({ role: 'assistant', content: [text(reply)] }) as const;

interface Model {
  readonly tokenizer: Tokenizer;
  readonly template: ChatTemplate;
  readonly imageTokenId: number;
}

function tokenise(
  messages: readonly NormalMessage[],
  { imageTokens = [] as number[], maxTokens = 1024, model = tiny as Model } = {},
): TokenisedDialogue {
  const { tokenizer, template, imageTokenId } = model;
  const layouts = imageTokens.map((count) => runLayout(imageTokenId, count));
  const options = { tokenizer, template, imageTokenId, layouts, maxTokens };
  const outcome = tokeniseDialogue({ place, messages, images: imagesOf(layouts) }, options);
  if ('tooLong' in outcome) throw new Error(`${outcome.tooLong} tokens`);
  return outcome;
}

const imagesOf = (layouts: readonly unknown[]) => layouts.map((_, i) => `${i}.png`);

const replyIds = ({ ids, reply }: TokenisedDialogue) => ids.filter((_, p) => reply[p] === 1);
/** The marked runs as text. */
function replyTexts({ ids, reply }: TokenisedDialogue, { tokenizer }: Model = tiny): string[] {
  const texts: string[] = [];
  for (let at = 0; at < ids.length; at++) {
    if (reply[at] === 0) continue;
    const start = at;
    while (reply[at + 1] === 1) at++;
    const pieces = Array.from(ids.subarray(start, at + 1), (id) => tokenizer.tokenText(id));
    texts.push(pieces.join('').replaceAll('▁', ' '));
  }
  return texts;
}
const textsOf = (messages: readonly NormalMessage[], model: Model) =>
  replyTexts(tokenise(messages, { model }), model);

const messagesOf = (item: Item): NormalMessage[] =>
  sliceRecord(item).conversations.map(({ from, value }) => {
    if (from === 'gpt') return assistant(value);
    const words = text(value.replace('<image>\n', ''));
    return value.startsWith('<image>\n') ? user(picture, words) : user(words);
  });
const imageTokensOf = (item: Item) => (item[0] === 'v' ? [64] : []);

describe('the dialogues of the reference runs', () => {
  const items = draftCurve.steps.flatMap((step) => step.items);

  it('count as many reply tokens as the reference at each of the 50 steps', () => {
    const counted = draftCurve.steps.map((step) =>
      step.items.reduce((sum, item) => {
        const { reply } = tokenise(messagesOf(item), { imageTokens: imageTokensOf(item) });
        return sum + reply.subarray(0, -1).reduce((a, b) => a + b, 0);
      }, 0),
    );
    expect(counted).toEqual(draftCurve.steps.map(({ tokens }) => tokens));
  });

  it('have replies where the characters of the published prompt form say', () => {
    const { tokenizer, imageTokenId } = tiny;
    for (const item of items.slice(0, 120)) {
      let whole = '';
      const ranges: [number, number][] = [];
      for (const { from, value } of sliceRecord(item).conversations) {
        if (from === 'human') whole += `USER: ${value} ASSISTANT:`;
        else {
          ranges.push([whole.length, whole.length + value.length + 5]);
          whole += ` ${value}</s>`;
        }
      }
      const ids: number[] = [];
      const reply: number[] = [];
      let at = 0;
      for (const id of tokenizer.encode(whole, { addSpecialTokens: true })) {
        const written = id === tokenizer.tokenId('<s>') ? '' : (tokenizer.tokenText(id) ?? '');
        // Behind a special token the tokenizer writes a space that the text has not.
        const added = written.startsWith('▁') && whole[at] !== ' ' ? 1 : 0;
        const length = /^<0x..>$/.test(written) ? 1 : written.length - added;
        const inReply = ranges.some(([from, to]) => at >= from && at + length <= to);
        for (let run = id === imageTokenId ? 64 : 1; run > 0; run--) {
          ids.push(id);
          reply.push(inReply ? 1 : 0);
        }
        at += length;
      }
      expect(at, 'the offsets cover the text').toBe(whole.length);
      const built = tokenise(messagesOf(item), { imageTokens: imageTokensOf(item) });
      expect([...built.ids], `ids of ${item}`).toEqual(ids);
      expect([...built.reply], `replies of ${item}`).toEqual(reply);
    }
  });
});

describe('replies', () => {
  it('start where the prompt of serving ends', () => {
    const { tokenizer, template, imageTokenId } = tiny;
    const asked = [user(picture, text('What is it?'))];
    const imageTokens = [5];
    const layouts = [{ ids: Array<number>(5).fill(imageTokenId) }];
    const prompt = buildPrompt({ tokenizer, template, messages: asked, imageTokenId, layouts });
    const built = tokenise([...asked, assistant('A ring.')], { imageTokens });
    expect(built.ids.subarray(0, prompt.ids.length)).toEqual(prompt.ids);
    expect(built.reply.indexOf(1)).toBe(prompt.ids.length);
    expect(built.spans).toEqual(prompt.spans);
  });

  it('of every turn are marked, each with its end token, behind pictures of any length', () => {
    const messages = [
      user(picture, text('a'), picture),
      assistant('First.'),
      user(picture, text('b')),
      assistant('Second.'),
    ];
    const built = tokenise(messages, { imageTokens: [1, 7, 30] });
    expect(replyTexts(built)).toEqual([' First.</s>', ' Second.</s>']);
    expect(built.spans.map(({ length }) => length)).toEqual([1, 7, 30]);
  });

  it('hold typed end tokens as text', () => {
    const built = tokenise([user(text('a')), assistant('It is </s> here')]);
    const eos = tiny.tokenizer.tokenId('</s>');
    expect(replyTexts(built)).toEqual([' It is </s> here</s>']);
    expect([...replyIds(built)].filter((id) => id === eos)).toHaveLength(1);
  });

  it('and nothing else are marked, whatever the words', () => {
    const words = fc
      .array(
        fc.oneof(
          fc.constantFrom('</s>', '<image>', 'USER:', ' ASSISTANT:', ' ', '\n', 'word', 'a'),
          fc.string({ unit: 'grapheme', maxLength: 5 }),
        ),
        { minLength: 1, maxLength: 8 },
      )
      .map((pieces) => pieces.join('').replaceAll('▁', '_'));
    const turns = fc.array(fc.tuple(words, words), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(turns, (turns) => {
        const built = tokenise(
          turns.flatMap(([question, reply]) => [user(text(question)), assistant(reply)]),
          { maxTokens: 1e6 },
        );
        const runs: number[][] = [];
        for (const [p, id] of built.ids.entries()) {
          if (built.reply[p] === (built.reply[p - 1] ?? 0) && p > 0) runs.at(-1)?.push(id);
          else runs.push([id]);
        }
        // Decoding takes away the space in front of the first word.
        const decoded = runs.map((ids) => tiny.tokenizer.decode(ids, { skipSpecialTokens: true }));
        expect(decoded).toEqual(
          turns.flatMap(([question, reply]) => [`USER: ${question} ASSISTANT:`, reply]),
        );
      }),
      { numRuns },
    );
  });
});

describe('templates', () => {
  const open = (source: string, tokenizer: Tokenizer = tiny.tokenizer) =>
    createChatTemplate(source, { namedTokens: tokenizer.namedTokens, now: () => new Date(0) });
  const dialogue = [user(text('q')), assistant('one'), user(text('r')), assistant('two')];

  it('that write no end token get one behind the last reply', () => {
    const gqa = fixtures.find(({ name }) => name === 'llava-gqa') as Model;
    const built = tokenise(dialogue, { model: gqa });
    const last = replyTexts(built, gqa).at(-1);
    expect(last).toBe(' two</s>');
    expect(built.ids.at(-1)).toBe(gqa.tokenizer.tokenId('</s>'));
    expect(replyTexts(built, gqa)[0]).toBe(' one');
  });

  it('that write a line break behind the end token keep it out of the reply', () => {
    const tokenizer = createTokenizer(byteLevelJson(), {});
    const template = open(
      "{% for m in messages %}{{ m.role + '\n' }}{% for p in m.content %}{{ p.text }}{% endfor %}{{ '<|end|>\n' }}" +
        "{% endfor %}{% if add_generation_prompt %}{{ 'assistant\n' }}{% endif %}",
      tokenizer,
    );
    const model = { tokenizer, template, imageTokenId: 262 };
    expect(textsOf(dialogue, model)).toEqual(['one<|end|>', 'two<|end|>']);
  });

  it('may join a reply to what stands before it: the joined token is the reply’s', () => {
    const tokenizer = createTokenizer(byteLevelJson(), {});
    const template = open(
      "{% for m in messages %}{% for p in m.content %}{{ p.text }}{% endfor %}{% if m.role == 'user' %}1{% else %}<|end|>{% endif %}" +
        '{% endfor %}',
      tokenizer,
    );
    const model = { tokenizer, template, imageTokenId: 262 };
    expect(textsOf([user(text('q')), assistant('2b')], model)).toEqual(['12b<|end|>']);
  });

  it('that write BOS themselves get no second one', () => {
    const template = open(
      "{{ bos_token }}{% for m in messages %}{% for p in m.content %}{{ p.text + '|' }}{% endfor %}{% endfor %}",
    );
    const bos = tiny.tokenizer.tokenId('<s>');
    const { ids } = tokenise(dialogue, { model: { ...tiny, template } });
    expect([...ids].filter((id) => id === bos)).toHaveLength(1);
  });

  it('that change earlier turns later are refused', () => {
    const template = open(
      '{% for m in messages %}{% if loop.last %}last {% endif %}{% for p in m.content %}{{ p.text }}{% endfor %}{% endfor %}',
    );
    const model = { ...tiny, template };
    expect(() => tokenise(dialogue, { model })).toThrow(ChatTemplateError);
    expect(() => tokenise(dialogue, { model })).toThrow(/leaves earlier turns as they were/);
  });

  it('must write one placeholder per picture', () => {
    const messages = [user(picture, text('q')), assistant('a')];
    expect(() => tokenise(messages, { imageTokens: [4, 4] })).toThrow(PlaceholderError);
  });
});

describe('pictures of any layout', () => {
  const { imageTokenId: image } = tiny;
  const messages = [user(picture, text('a'), picture), assistant('one'), user(text('b'))];
  const layouts = [
    { ids: [7, image, image, 8, image, image, 7], grid: { height: 2, width: 2 } },
    { ids: [image, image, image], grid: { height: 1, width: 3 } },
  ];
  const place = { file: 'tiles.json', index: 0 };
  const built = tokeniseDialogue(
    { place, messages: [...messages, assistant('two')], images: imagesOf(layouts) },
    { ...tiny, layouts, maxTokens: 1024 },
  ) as TokenisedDialogue;

  it('stand where their embeddings are read, and leave the replies marked', () => {
    const slots = built.spans.flatMap(({ start, length }) =>
      Array.from({ length }, (_, i) => start + i),
    );
    expect(slots).toEqual([...built.ids.keys()].filter((at) => built.ids[at] === image));
    expect(built.spans.map(({ picture, row, length }) => [picture, row, length])).toEqual([
      [0, 0, 2],
      [0, 2, 2],
      [1, 0, 3],
    ]);
    expect(replyTexts(built)).toEqual([' one</s>', ' two</s>']);
  });

  it('have positions by rows and columns where they have a grid', () => {
    const { time, height, width } = built.positions as AxisPositions;
    expect([time, height, width].map(({ length }) => length)).toEqual(
      Array(3).fill(built.ids.length),
    );
    const last = built.spans.at(-1) as PictureSpan;
    const columns = [...width.subarray(last.start, last.start + last.length)];
    expect(columns).toEqual([0, 1, 2].map((column) => (columns[0] as number) + column));
    expect(tokenise([user(text('q')), assistant('a')])).not.toHaveProperty('positions');
  });
});

describe('the limit', () => {
  const messages = [user(picture, text('q')), assistant('a')];
  const length = tokenise(messages, { imageTokens: [64] }).ids.length;
  const layouts = [runLayout(tiny.imageTokenId, 64)];
  const outcome = (maxTokens: number) =>
    tokeniseDialogue({ place, messages, images: ['0.png'] }, { ...tiny, layouts, maxTokens });

  it('lets a dialogue of as many tokens pass', () => {
    expect(outcome(length)).toHaveProperty('ids');
  });

  it('says how long one over it is, pictures counted in full', () => {
    expect(outcome(length - 1)).toEqual({ tooLong: length });
  });
});
