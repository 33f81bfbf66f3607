/** Answers of the embedded pair that must keep a form, and calls of tools under a template that has a place for them. */
import { rmSync } from 'node:fs';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hermesTiny } from './calls/testing/hermes-tiny.ts';
import { TINY_PAIR } from './checkpoint/testing/folders.ts';
import type { AnswerOptions, GenerateResult } from './index.ts';
import { load, type MsdModel } from './index.ts';

let folder: string;
let model: MsdModel;
beforeAll(async () => {
  folder = hermesTiny();
  model = await load({ model: folder, draft: 'models/tiny/draft', thread: false });
});
afterAll(async () => {
  await model.dispose();
  rmSync(folder, { recursive: true });
});

const ajv = new Ajv({ strict: false });
const shape = {
  type: 'object',
  properties: {
    shape: { enum: ['circle', 'square', 'triangle'] },
    size: { type: 'integer', minimum: 1, maximum: 99 },
    note: { type: 'string', maxLength: 12 },
    near: { type: 'array', items: { type: 'string', maxLength: 6 }, maxItems: 2 },
  },
  required: ['shape', 'size', 'note'],
};
const schemas: readonly object[] = [
  shape,
  { type: 'array', items: shape, minItems: 1, maxItems: 2 },
  { anyOf: [{ type: 'null' }, { type: 'string', pattern: '^[a-z ]{2,9}$' }] },
];

describe('an answer that keeps a schema', () => {
  it('is valid, and plain decoding’s whatever drafts, alone and in company', async () => {
    const ways: AnswerOptions[] = [2, 5, 16, 'auto' as const].map((tree) => ({ tree }));
    for (const sampling of [{}, { temperature: 0.9, seed: 4 }]) {
      const asked = schemas.map((schema) => ({
        ...{ prompt: 'Describe a shape.', maxTokens: 150, ...sampling },
        responseFormat: { type: 'json_schema', json_schema: { schema } } as const,
      }));
      const plain: GenerateResult[] = [];
      for (const one of asked) plain.push(await model.complete({ ...one, drafter: 'none' }));
      for (const [at, { text, finishReason }] of plain.entries()) {
        expect(finishReason).toBe('stop');
        expect([text, ajv.validate(schemas[at] as object, JSON.parse(text))]).toEqual([text, true]);
      }
      for (const way of ways) {
        const all = await Promise.all(asked.map((one) => model.complete({ ...one, ...way })));
        expect(all.map(({ ids }) => ids)).toEqual(plain.map(({ ids }) => ids));
      }
    }
  });

  it('takes fewer passes than tokens, drafted by its form alone', async () => {
    const responseFormat = { type: 'json_schema', json_schema: { schema: shape } } as const;
    const answer = await model.complete({
      prompt: 'Hi',
      responseFormat,
      drafter: 'suffix',
      tree: 16,
    });
    expect(answer.tokensPerPass).toBeGreaterThan(1.3);
  });

  it('may be any object of JSON', async () => {
    const responseFormat = { type: 'json_object' } as const;
    const { text, finishReason } = await model.complete({ prompt: 'Hi', responseFormat });
    expect([typeof JSON.parse(text), finishReason]).toEqual(['object', 'stop']);
  });

  it('tells by its finish reason that it was cut', async () => {
    const responseFormat = { type: 'json_schema', json_schema: { schema: shape } } as const;
    const { finishReason } = await model.complete({ prompt: 'Hi', responseFormat, maxTokens: 6 });
    expect(finishReason).toBe('length');
  });
});

describe('tools', () => {
  const tools = [
    { type: 'function', function: { name: 'draw', parameters: shape } },
    {
      type: 'function',
      function: { name: 'stop', parameters: { type: 'object', properties: {} } },
    },
  ];
  const request = { prompt: 'Draw a circle.', tools, maxTokens: 200 };

  it('are called where they must be, with arguments that keep their schema, the same whatever drafts', async () => {
    const forced = {
      ...request,
      toolChoice: { type: 'function', function: { name: 'draw' } },
      parallelToolCalls: false,
    } as const;
    const plain = await model.complete({ ...forced, drafter: 'none' });
    const drafted = await model.complete(forced);
    expect(drafted.ids).toEqual(plain.ids);
    expect(plain).toMatchObject({ finishReason: 'tool_calls', content: '' });
    const [call, ...others] = plain.toolCalls ?? [];
    expect(others).toEqual([]);
    expect(call).toMatchObject({
      type: 'function',
      id: expect.stringMatching(/^\w{9}$/),
      function: { name: 'draw' },
    });
    expect(ajv.validate(shape, JSON.parse(call?.function.arguments ?? ''))).toBe(true);
  });

  it('stream their arguments', async () => {
    let [name, given] = ['', ''];
    let result: GenerateResult | undefined;
    for await (const event of model.generate({
      ...request,
      toolChoice: 'required',
      parallelToolCalls: false,
    })) {
      if (event.type === 'done') result = event.result;
      if (event.type !== 'token') continue;
      for (const delta of event.toolCalls ?? []) {
        name += delta.name ?? '';
        given += delta.arguments;
      }
    }
    expect([{ name, arguments: given }]).toEqual(result?.toolCalls?.map((call) => call.function));
  });

  it('are not offered, and not read, where none is to be called', async () => {
    const { promptTokens, toolCalls } = await model.complete({ ...request, toolChoice: 'none' });
    const without = await model.complete({ prompt: request.prompt });
    expect([promptTokens, toolCalls]).toEqual([without.promptTokens, undefined]);
  });

  it('get their answers back into the prompt', async () => {
    const call = {
      id: 'call00001',
      type: 'function',
      function: { name: 'draw', arguments: '{"size": 1}' },
    } as const;
    const messages = [
      { role: 'user', content: 'Draw.' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'call00001', content: 'done' },
    ] as const;
    const { promptTokens } = await model.complete({ messages, tools, maxTokens: 1 });
    const { promptTokens: fewer } = await model.complete({
      messages: messages.slice(0, 1),
      tools,
      maxTokens: 1,
    });
    expect(promptTokens).toBeGreaterThan(fewer + 20);
  });

  it('of a template that has no place for them are refused', async () => {
    await using plain = await load({ ...TINY_PAIR, thread: false });
    await expect(plain.complete(request)).rejects.toThrow('has no place for tools');
    await expect(plain.complete({ ...request, toolChoice: 'required' })).rejects.toThrow();
  });
});
