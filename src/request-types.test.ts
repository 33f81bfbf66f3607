/** What compiles as a request and what does not: the compiler judges, and what compiles is tried as well. */
import type { ChatCompletionCreateParams, ChatCompletionMessageParam } from 'openai/resources/chat';
import { describe, expect, it } from 'vitest';
import { resolveOptions } from './engine/answer/resolve-options.ts';
import type { GenerateOptions, ResponseFormat } from './index.ts';

const accepted = (options: GenerateOptions) => resolveOptions(options);
const messages: ChatCompletionMessageParam[] = [
  { role: 'developer', content: 'Be brief.' },
  { role: 'user', content: 'Hello', name: 'ada' },
  { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }], refusal: null },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'And this?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==', detail: 'high' } },
    ],
  },
];

describe('a request', () => {
  it('takes messages of the openai package’s own type', () => {
    const { messages: given, images } = accepted({ messages });
    expect(given.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(given[2]?.content).toEqual([{ type: 'text', text: 'No.' }]);
    expect(images).toEqual(['data:image/png;base64,AA==']);
  });

  it('takes them out of a request to OpenAI', () => {
    const body: Pick<ChatCompletionCreateParams, 'messages' | 'tools'> = { messages };
    const tools = body.tools ?? [];
    expect(accepted({ messages: body.messages, tools }).messages).toHaveLength(4);
  });

  it.each<[string, ChatCompletionMessageParam]>([
    ['sound', { role: 'user', content: [sound()] }],
    ['a file', { role: 'user', content: [{ type: 'file', file: { file_id: 'x' } }] }],
  ])('with %s compiles and is refused by name', (_, message) => {
    const request = () => accepted({ messages: [message, { role: 'user', content: 'Hi' }] });
    expect(request).toThrow(/^messages\[0\]/);
  });

  it('takes calls, what came of them, tools and a choice among them', () => {
    const body: Pick<ChatCompletionCreateParams, 'messages' | 'response_format'> = {
      messages: [
        { role: 'user', content: 'Add.' },
        { role: 'assistant', tool_calls: [call()] },
        { role: 'tool', content: '4', tool_call_id: 'a' },
      ],
      response_format: { type: 'json_schema', json_schema: { name: 'a', schema: {} } },
    };
    const { messages: given } = accepted({ messages: body.messages });
    expect(given.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    const format = { responseFormat: body.response_format as ResponseFormat };
    expect(accepted({ prompt: 'Hi', ...format }).responseFormat).toEqual(body.response_format);
  });

  it('that is impossible does not compile, and is refused', () => {
    // @ts-expect-error nothing is asked
    expect(() => accepted({})).toThrow('give exactly one of them');
    // @ts-expect-error two things are asked
    expect(() => accepted({ prompt: 'Hi', messages })).toThrow('give exactly one of them');
    // @ts-expect-error pictures of messages stand in them
    expect(() => accepted({ messages, images: ['a.png'] })).toThrow('go with a prompt');
    // @ts-expect-error no such option
    expect(() => accepted({ prompt: 'Hi', max_tokens: 3 })).toThrow('is not known');
    // @ts-expect-error a message has a content
    expect(() => accepted({ messages: [{ role: 'user' }] })).toThrow('content must be');
    // @ts-expect-error a role that no chat has
    expect(() => accepted({ messages: [{ role: 'robot', content: '' }] })).toThrow('role must be');
    // @ts-expect-error a picture is somewhere
    expect(() => accepted({ messages: [{ role: 'user', content: [{ type: 'image' }] }] })).toThrow(
      'image must be',
    );
  });
});

function sound() {
  return { type: 'input_audio', input_audio: { data: '', format: 'wav' } } as const;
}

function call() {
  return { type: 'function', id: 'a', function: { name: 'add', arguments: '{}' } } as const;
}
