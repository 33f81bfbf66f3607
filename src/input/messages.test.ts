import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PromptError } from '../contracts/errors.ts';
import { messagesFromPrompt, normaliseMessages } from './messages.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);
const user = (content: unknown) => [{ role: 'user', content }];

const call = { id: 'a', type: 'function', function: { name: 'add', arguments: '{}' } };

describe('normaliseMessages', () => {
  it('makes parts of string content', () => {
    const { messages, images } = normaliseMessages([
      ...user('Hi'),
      { role: 'assistant', content: '' },
      ...user('Again'),
    ]);
    expect(messages.map(({ content }) => content)).toEqual([
      [{ type: 'text', text: 'Hi' }],
      [{ type: 'text', text: '' }],
      [{ type: 'text', text: 'Again' }],
    ]);
    expect(images).toEqual([]);
  });

  it('keeps whether content was one text', () => {
    const parts = [{ type: 'text', text: 'Hi' }];
    const { messages } = normaliseMessages([...user('Hi'), ...user(parts)]);
    expect(messages.map(({ plain = false }) => plain)).toEqual([true, false]);
  });

  it('collects pictures of every form in their order and leaves their places', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const { messages, images } = normaliseMessages([
      ...user([
        { type: 'image_url', image_url: 'a.png' },
        { type: 'text', text: 'and' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'low' } },
      ]),
      { role: 'assistant', content: 'Two.' },
      ...user([
        { type: 'image', image: bytes },
        { type: 'image', image: 'b.png' },
      ]),
    ]);
    expect(images).toEqual(['a.png', 'data:image/png;base64,AA==', bytes, 'b.png']);
    expect(messages[0]?.content.map(({ type }) => type)).toEqual(['image', 'text', 'image']);
    expect(messages[2]?.content).toEqual([{ type: 'image' }, { type: 'image' }]);
  });

  it('puts the system text in front, an empty one too (it silences a template’s own)', () => {
    expect(normaliseMessages(user('Hi'), 'Be brief.').messages[0]).toEqual({
      role: 'system',
      content: [{ type: 'text', text: 'Be brief.' }],
      plain: true,
    });
    expect(normaliseMessages(user('Hi'), '').messages).toHaveLength(2);
  });

  it('takes a developer’s words as the system’s, and a refusal as what was said', () => {
    const refusal = { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] };
    const { messages } = normaliseMessages([
      { role: 'developer', content: 'Be brief.' },
      ...user('Hi'),
      refusal,
      ...user('Why?'),
    ]);
    expect(messages[0]?.role).toBe('system');
    expect(messages[2]?.content).toEqual([{ type: 'text', text: 'No.' }]);
  });

  it('takes empty lists of calls, as clients send them, and refuses what no template shows', () => {
    const assistant = (fields: object) => [
      ...user('Hi'),
      { role: 'assistant', content: 'Well', ...fields },
      ...user('And?'),
    ];
    const empty = { tool_calls: [], function_call: null, audio: null };
    expect(normaliseMessages(assistant(empty)).messages).toHaveLength(3);
    for (const fields of [{ function_call: {} }, { audio: { id: 'x' } }]) {
      const [field] = Object.keys(fields);
      expect(() => normaliseMessages(assistant(fields))).toThrow(`messages[1].${field} is not`);
    }
  });

  it('keeps calls and what came of them, arguments as data where they are JSON', () => {
    const called = (text: string) => ({
      ...{ role: 'assistant', content: null },
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'add', arguments: text } }],
    });
    const told = { role: 'tool', tool_call_id: 'a', content: '4' };
    const { messages } = normaliseMessages([...user('2 + 2?'), called('{"a": 2}'), told]);
    expect(messages[1]).toMatchObject({ calls: [{ id: 'a', name: 'add', arguments: { a: 2 } }] });
    expect(messages[2]).toMatchObject({ role: 'tool', callId: 'a', plain: true });
    const broken = normaliseMessages([...user('a'), called('{'), told]).messages[1];
    expect(broken?.calls?.[0]?.arguments).toBe('{');
  });

  it.each<[string, unknown, string]>([
    ['no list', { role: 'user' }, 'messages must be a list.'],
    ['no messages', [], 'There are no messages'],
    ['no object', ['Hi'], 'messages[0] must be an object with role and content.'],
    ['unknown role', [...user('a'), { role: 'robot', content: 'b' }], 'messages[1].role must be'],
    ['no content', [{ role: 'user' }], 'messages[0].content must be a text or a list of parts.'],
    [
      'a call of the user',
      [{ ...user('a')[0], tool_calls: [call] }],
      'messages[0].tool_calls must be the',
    ],
    [
      'a call without arguments',
      [{ role: 'assistant', tool_calls: [{ function: { name: 'a' } }] }],
      'messages[0].tool_calls[0].function.arguments must be a text',
    ],
    ['content null', user(null), 'messages[0].content must be'],
    ['no parts', user([]), 'messages[0].content must hold at least one part.'],
    ['part no object', user(['Hi']), 'messages[0].content[0] must be an object with a type.'],
    [
      'unknown part',
      user([{ type: 'text', text: 'a' }, { type: 'video' }]),
      'messages[0].content[1].type must be "text", "image_url" or "image".',
    ],
    ['text no text', user([{ type: 'text' }]), 'messages[0].content[0].text must be a text.'],
    ['no url', user([{ type: 'image_url', image_url: {} }]), 'content[0].image_url.url must be'],
    ['empty path', user([{ type: 'image', image: '' }]), 'content[0].image must name a picture.'],
    ['no picture', user([{ type: 'image' }]), 'content[0].image must be a file path'],
    [
      'web address',
      user([{ type: 'image_url', image_url: { url: 'HTTPS://a/b.png' } }]),
      'must be a file path or a data: URI, not a web address.',
    ],
    ['assistant last', [...user('a'), { role: 'assistant', content: 'b' }], "the assistant's"],
    ['blank prompt', user(' \n'), 'The prompt is empty'],
    ['blank parts', user([{ type: 'text', text: '' }]), 'The prompt is empty'],
  ])('%s: the sentence names the place', (_, messages, sentence) => {
    expect(() => normaliseMessages(messages)).toThrow(PromptError);
    expect(() => normaliseMessages(messages)).toThrow(sentence);
  });

  it('refuses a second system message, and one with nothing to answer', () => {
    const chat = [{ role: 'system', content: 'A' }, ...user('Hi')];
    expect(() => normaliseMessages(chat, 'B')).toThrow('give only one of them');
    expect(() => normaliseMessages([], 'B')).toThrow('There are no messages');
  });

  it('gives a result or a PromptError for anything', () => {
    const almost = fc.record(
      {
        role: fc.constantFrom('user', 'system', 'assistant', 'tool', 3),
        content: fc.oneof(
          fc.string(),
          fc.jsonValue(),
          fc.array(
            fc.record(
              {
                type: fc.constantFrom('text', 'image', 'image_url', 'video'),
                text: fc.oneof(fc.string(), fc.jsonValue()),
                image: fc.oneof(fc.string(), fc.uint8Array(), fc.jsonValue()),
                image_url: fc.oneof(fc.string(), fc.record({ url: fc.string() }), fc.jsonValue()),
              },
              { requiredKeys: [] },
            ),
          ),
        ),
      },
      { requiredKeys: [] },
    );
    const anything = fc.oneof(fc.array(almost), fc.jsonValue(), fc.anything());
    const property = fc.property(
      anything,
      fc.option(fc.string(), { nil: undefined }),
      (given, system) => {
        try {
          const { messages, images } = normaliseMessages(given, system);
          const places = messages
            .flatMap(({ content }) => content)
            .filter((p) => p.type === 'image');
          expect(places).toHaveLength(images.length);
        } catch (error) {
          expect(error).toBeInstanceOf(PromptError);
        }
      },
    );
    fc.assert(property, { numRuns });
  });
});

describe('messagesFromPrompt', () => {
  it('is one user turn with the pictures before the words', () => {
    const { messages, images } = normaliseMessages(messagesFromPrompt('What?', ['a.png', 'b.png']));
    expect(images).toEqual(['a.png', 'b.png']);
    expect(messages).toEqual([
      {
        role: 'user',
        content: [{ type: 'image' }, { type: 'image' }, { type: 'text', text: 'What?' }],
      },
    ]);
  });

  it('needs words or a picture', () => {
    expect(() => normaliseMessages(messagesFromPrompt('', []))).toThrow('The prompt is empty');
    expect(normaliseMessages(messagesFromPrompt('', ['a.png'])).images).toEqual(['a.png']);
  });
});
