/** Answers of a form and calls of functions, as clients from npm ask for them: the built program over a template with tools. */
import { rmSync } from 'node:fs';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, Output, stepCountIs, streamText, tool } from 'ai';
import { Ajv } from 'ajv';
import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { hermesTiny } from '../calls/testing/hermes-tiny.ts';
import { type ServedMsd, serveMsd } from './testing/serve-msd.ts';

const shape = z.strictObject({
  shape: z.enum(['circle', 'square']),
  size: z.int().min(1).max(99),
  note: z.string().max(12),
});
const parameters = {
  type: 'object',
  properties: { shape: { enum: ['circle', 'square'] }, note: { type: 'string', maxLength: 12 } },
  required: ['shape', 'note'],
};
const draw = { name: 'draw', description: 'Draws a shape.', parameters };
const tools = [{ type: 'function' as const, function: draw }];
const flatTools = [{ type: 'function' as const, strict: false, ...draw }];
const ajv = new Ajv();
const fits = (given: string) => ajv.validate(parameters, JSON.parse(given));

let folder: string;
let server: ServedMsd;
let openai: OpenAI;
let MODEL: string;
beforeAll(async () => {
  folder = hermesTiny();
  server = await serveMsd(['--model', folder, '--draft', 'models/tiny/draft', '--name', 'tools']);
  openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });
  MODEL = 'tools';
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const messages = [{ role: 'user' as const, content: 'Draw a circle.' }];
const ask = () => ({ model: MODEL, messages, temperature: 0, max_tokens: 200 });
const answer = () => ({ model: MODEL, input: 'Draw a circle.', temperature: 0 });
const once = { tool_choice: 'required' as const, parallel_tool_calls: false };

describe('openai-node', () => {
  it('parses an answer that keeps a schema of zod', async () => {
    const response_format = zodResponseFormat(shape, 'shape');
    const { choices } = await openai.chat.completions.parse({ ...ask(), response_format });
    expect(choices[0]?.finish_reason).toBe('stop');
    expect(shape.parse(choices[0]?.message.parsed)).toEqual(choices[0]?.message.parsed);
  });

  it('gets some object of JSON', async () => {
    const response_format = { type: 'json_object' as const };
    const { choices } = await openai.chat.completions.create({ ...ask(), response_format });
    expect(JSON.parse(choices[0]?.message.content ?? '')).toBeTypeOf('object');
  });

  it('gets calls, hands back what came of them, and is answered', async () => {
    const first = await openai.chat.completions.create({ ...ask(), tools, ...once });
    const [choice] = first.choices;
    expect(choice).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
    const [call, ...more] = choice?.message.tool_calls ?? [];
    if (call?.type !== 'function') throw new TypeError('no call of a function');
    expect(fits(call.function.arguments)).toBe(true);
    const second = await openai.chat.completions.create({
      ...{ ...ask(), tools },
      messages: [
        ...messages,
        choice?.message as OpenAI.ChatCompletionMessage,
        ...[call, ...more].map(({ id }) => ({
          ...{ role: 'tool' as const, tool_call_id: id, content: 'It is drawn.' },
        })),
      ],
    });
    expect(second.usage?.prompt_tokens).toBeGreaterThan(first.usage?.prompt_tokens ?? 0);
  });

  it('streams arguments as it writes them whole, one call or several', async () => {
    const body = { ...ask(), tools, tool_choice: 'required' as const };
    const counts: number[] = [];
    for (const parallel_tool_calls of [true, false]) {
      const whole = await openai.chat.completions.create({ ...body, parallel_tool_calls });
      const stream = await openai.chat.completions.create({
        ...{ ...body, parallel_tool_calls, stream: true },
      });
      const calls: { id?: string; name?: string; arguments: string }[] = [];
      let [content, pieces] = ['', 0];
      for await (const { choices } of stream) {
        content += choices[0]?.delta.content ?? '';
        for (const { index, id, function: given } of choices[0]?.delta.tool_calls ?? []) {
          calls[index] ??= {
            ...(id && { id }),
            ...(given?.name && { name: given.name }),
            arguments: '',
          };
          calls[index].arguments += given?.arguments ?? '';
          pieces += 1;
        }
      }
      const [message] = whole.choices.map((choice) => choice.message);
      expect(content).toBe(message?.content ?? '');
      expect(calls).toEqual(
        message?.tool_calls?.map(
          (call) => call.type === 'function' && { id: call.id, ...call.function },
        ),
      );
      expect(pieces).toBeGreaterThan(calls.length);
      counts.push(calls.length);
    }
    expect(counts[0]).toBeGreaterThan(1);
    expect(counts[1]).toBe(1);
  });

  it('joins the pieces of a call by its own helper', async () => {
    const stream = openai.chat.completions.stream({ ...ask(), tools, ...once });
    const { choices } = await stream.finalChatCompletion();
    expect(choices[0]?.finish_reason).toBe('tool_calls');
    const [call] = choices[0]?.message.tool_calls ?? [];
    expect(fits(call?.function.arguments ?? '')).toBe(true);
  });

  it('runs tools until the model only speaks', async () => {
    const asked: unknown[] = [];
    const runner = openai.chat.completions.runTools(
      {
        ...{ ...ask(), tool_choice: { type: 'function', function: { name: 'draw' } } },
        parallel_tool_calls: false,
        tools: [
          {
            type: 'function',
            function: {
              ...draw,
              parse: JSON.parse,
              function: (given: object) => {
                asked.push(given);
                return 'It is drawn.';
              },
            },
          },
        ],
      },
      { maxChatCompletions: 2 },
    );
    await runner.done();
    expect(asked.length).toBeGreaterThan(0);
    for (const given of asked) expect(ajv.validate(parameters, given)).toBe(true);
    expect(runner.messages.filter(({ role }) => role === 'tool').length).toBe(asked.length);
  });

  it('ends an answer of a form that it leaves', async () => {
    const schema = { type: 'array', items: { type: 'string' }, minItems: 200 };
    const stream = await openai.chat.completions.create({
      ...{ model: MODEL, messages, stream: true },
      response_format: { type: 'json_schema', json_schema: { name: 'many', schema } },
    });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    await expect.poll(() => running(), { timeout: 5000 }).toBe(0);
  });

  it('hears what of a schema can not be kept', async () => {
    const schema = { type: 'object', properties: { a: { not: {} } } };
    const refused = openai.chat.completions.create({
      ...ask(),
      response_format: { type: 'json_schema', json_schema: { name: 'a', schema } },
    });
    await expect(refused).rejects.toMatchObject({
      ...{ status: 400, code: 'schema_unsupported' },
      param: 'response_format.json_schema.schema.properties.a',
    });
  });

  it('gets a response that keeps a schema', async () => {
    const text = { format: zodTextFormat(shape, 'shape') };
    const { output_parsed } = await openai.responses.parse({ ...answer(), text });
    expect(shape.parse(output_parsed)).toEqual(output_parsed);
  });

  it('gets a response that calls, by its events too, and goes on from it', async () => {
    const body = { ...answer(), tools: flatTools, ...once };
    const whole = await openai.responses.create(body);
    const calls = whole.output.filter((item) => item.type === 'function_call');
    expect(calls.length).toBe(whole.output.length);
    for (const call of calls) expect(fits(call.arguments)).toBe(true);

    const names: string[] = [];
    const stream = openai.responses.stream(body);
    for await (const { type } of stream) names.push(type);
    const streamed = await stream.finalResponse();
    const said = (of: OpenAI.Responses.Response) =>
      of.output.map((item) => item.type === 'function_call' && [item.name, item.arguments]);
    expect(said(streamed)).toEqual(said(whole));
    expect(new Set(names)).toEqual(
      new Set([
        'response.created',
        'response.in_progress',
        'response.output_item.added',
        'response.function_call_arguments.delta',
        'response.function_call_arguments.done',
        'response.output_item.done',
        'response.completed',
      ]),
    );

    const next = await openai.responses.create({
      ...{ ...body, tool_choice: 'auto' },
      input: [
        { role: 'user', content: body.input },
        ...calls,
        ...calls.map(({ call_id }) => ({
          ...{ type: 'function_call_output' as const, call_id, output: 'It is drawn.' },
        })),
      ],
    });
    expect(next.usage?.input_tokens).toBeGreaterThan(whole.usage?.input_tokens ?? 0);
  });
});

describe('the AI SDK', () => {
  const msd = () =>
    createOpenAICompatible({
      ...{ name: 'msd', baseURL: `${server.url}/v1`, supportsStructuredOutputs: true },
    })(MODEL);
  const drawn = tool({
    ...{ description: draw.description, inputSchema: shape.omit({ size: true }) },
    execute: async () => 'It is drawn.',
  });

  it('gets an object that keeps a schema, whole and as it grows', async () => {
    const asked = {
      ...{ model: msd(), prompt: 'Draw a circle.', temperature: 0 },
      output: Output.object({ schema: shape }),
    };
    const { output } = await generateText(asked);
    expect(shape.parse(output)).toEqual(output);
    const streamed = streamText(asked);
    let parts = 0;
    for await (const _ of streamed.partialOutputStream) parts += 1;
    expect(await streamed.output).toEqual(output);
    expect(parts).toBeGreaterThan(1);
  });

  it('calls tools and goes on with what came of them', async () => {
    const { steps } = await generateText({
      ...{ model: msd(), prompt: 'Draw a circle.', temperature: 0, maxOutputTokens: 200 },
      ...{ tools: { draw: drawn }, toolChoice: 'required', stopWhen: stepCountIs(2) },
      providerOptions: { msd: { parallel_tool_calls: false } },
    });
    expect(steps.map(({ finishReason }) => finishReason)).toEqual(['tool-calls', 'tool-calls']);
    expect(steps[0]?.toolResults[0]?.output).toBe('It is drawn.');
  });

  it('streams the input of tools, and leaves', async () => {
    const abort = new AbortController();
    const { fullStream } = streamText({
      ...{ model: msd(), prompt: 'Draw a circle.', abortSignal: abort.signal },
      ...{ tools: { draw: drawn }, toolChoice: 'required' },
    });
    const seen = new Set<string>();
    for await (const { type } of fullStream) {
      seen.add(type);
      if (type === 'tool-input-delta') abort.abort();
    }
    expect([...seen]).toContain('tool-input-delta');
    await expect.poll(() => running(), { timeout: 5000 }).toBe(0);
  });
});

async function running(): Promise<number> {
  const status = await fetch(`${server.url}/v1/msd/status`);
  return ((await status.json()) as { running: number }).running;
}
