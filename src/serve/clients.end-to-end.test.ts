/** The server as its clients use it: the built program, and packages from npm. */
import { readFileSync } from 'node:fs';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, streamText } from 'ai';
import OpenAI, { AuthenticationError, BadRequestError, NotFoundError } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { passMsd } from '../cli/testing/run-msd.ts';
import { type ServedMsd, serveMsd } from './testing/serve-msd.ts';

const SQUARE = 'fixtures/tiny/images/square.png';
const PICTURE = `data:image/png;base64,${readFileSync(SQUARE).toString('base64')}`;
const ABOUT_SQUARE = 'On a cream background there is a small green square at the bottom right.';
const MODEL = 'tiny';

let server: ServedMsd;
let openai: OpenAI;
beforeAll(async () => {
  server = await serveMsd(['--name', MODEL], { MSD_API_KEY: 'right' });
  openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'right', maxRetries: 0 });
});
afterAll(() => server.stop());

const look = [
  {
    role: 'user' as const,
    content: [
      { type: 'image_url' as const, image_url: { url: PICTURE, detail: 'low' as const } },
      { type: 'text' as const, text: 'Describe the picture.' },
    ],
  },
];
const count = [{ role: 'user' as const, content: 'Count from 3 to 10.' }];

describe('openai-node', () => {
  it('chats about a picture, and reads usage and why it ended', async () => {
    const answer = await openai.chat.completions.create({
      ...{ model: MODEL, messages: look, temperature: 0 },
    });
    expect(answer.choices[0]?.message.content).toBe(ABOUT_SQUARE);
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    expect(answer.usage?.completion_tokens).toBe(16);
    expect(answer.usage?.total_tokens).toBe(16 + (answer.usage?.prompt_tokens ?? 0));
  });

  it('streams the same words, with usage last', async () => {
    const stream = await openai.chat.completions.create({
      ...{ model: MODEL, messages: look, temperature: 0 },
      ...{ stream: true, stream_options: { include_usage: true } },
    });
    let text = '';
    let last: OpenAI.ChatCompletionChunk | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      last = chunk;
    }
    expect(text).toBe(ABOUT_SQUARE);
    expect(last).toMatchObject({ choices: [], usage: { completion_tokens: 16 } });
  });

  it('gets by a seed what msd run writes by it', async () => {
    const answer = await openai.chat.completions.create({
      ...{ model: MODEL, messages: look, temperature: 0.9, top_p: 0.95, seed: 11, max_tokens: 40 },
    });
    const flags = '--temperature 0.9 --top-p 0.95 --seed 11 --max-tokens 40 --quiet'.split(' ');
    const { stdout } = await passMsd(['run', '--image', SQUARE, 'Describe the picture.', ...flags]);
    expect(answer.choices[0]?.message.content).toBe(stdout);
  });

  it('gets choices, each by the seed after the one before', async () => {
    const ask = { model: MODEL, messages: look, temperature: 1.5, max_tokens: 20 };
    const both = await openai.chat.completions.create({ ...ask, n: 2, seed: 5 });
    const second = await openai.chat.completions.create({ ...ask, seed: 6 });
    expect(both.choices.map(({ index }) => index)).toEqual([0, 1]);
    expect(both.choices[1]?.message.content).toBe(second.choices[0]?.message.content);
  });

  it('gets logprobs with the likeliest beside them', async () => {
    const answer = await openai.chat.completions.create({
      ...{ model: MODEL, messages: count, temperature: 0, logprobs: true, top_logprobs: 2 },
    });
    const tokens = answer.choices[0]?.logprobs?.content ?? [];
    expect(tokens).toHaveLength(answer.usage?.completion_tokens ?? -1);
    for (const {
      logprob,
      top_logprobs: [likeliest, ...others],
    } of tokens) {
      expect(likeliest?.logprob).toBe(logprob);
      expect(others).toHaveLength(1);
    }
  });

  it('ends before a stop text and at the limit of tokens', async () => {
    const ask = { model: MODEL, messages: count, temperature: 0 };
    const stopped = await openai.chat.completions.create({ ...ask, stop: [' 7'] });
    expect(stopped.choices[0]?.message.content).toBe('3, 4, 5, 6,');
    expect(stopped.choices[0]?.finish_reason).toBe('stop');
    const cut = await openai.chat.completions.create({ ...ask, max_completion_tokens: 3 });
    expect(cut.choices[0]?.message.content).toBe('3, 4, 5,');
    expect(cut.choices[0]?.finish_reason).toBe('length');
  });

  it('never gets a token that logit_bias bans, drafted or not', async () => {
    const five = await post('/tokenize', { content: ' 5,' });
    const { tokens } = (await five.json()) as { tokens: number[] };
    const ask = { model: MODEL, messages: count, temperature: 0 };
    const bias = Object.fromEntries(tokens.map((id) => [id, -100]));
    const answer = await openai.chat.completions.create({ ...ask, logit_bias: bias });
    expect(answer.choices[0]?.message.content).not.toContain(' 5,');
    const plain = await post('/v1/chat/completions', {
      ...{ ...ask, logit_bias: bias, msd: { plain: true } },
    });
    expect(await plain.json()).toMatchObject({
      choices: [{ message: answer.choices[0]?.message }],
    });
  });

  it('hears how much of a prediction came true', async () => {
    const answer = await openai.chat.completions.create({
      ...{ model: MODEL, messages: count, temperature: 0 },
      prediction: { type: 'content', content: '3, 4, 5, 6, 7, 8, 9, 10. 20, 21.' },
    });
    const details = answer.usage?.completion_tokens_details;
    expect(answer.choices[0]?.message.content).toBe('3, 4, 5, 6, 7, 8, 9, 10.');
    expect(details?.accepted_prediction_tokens).toBeGreaterThanOrEqual(7);
    expect(details?.rejected_prediction_tokens).toBeGreaterThan(0);
  });

  it('goes on with a text', async () => {
    const answer = await openai.completions.create({
      ...{ model: MODEL, prompt: 'USER: Count from 3 to 10. ASSISTANT:', temperature: 0 },
    });
    expect(answer.choices[0]?.text).toBe('3, 4, 5, 6, 7, 8, 9, 10.');
  });

  it('gets a response, in one piece and by its events', async () => {
    const ask = {
      model: MODEL,
      temperature: 0,
      input: [
        {
          role: 'user' as const,
          content: [
            { type: 'input_image' as const, image_url: PICTURE, detail: 'auto' as const },
            { type: 'input_text' as const, text: 'Describe the picture.' },
          ],
        },
      ],
    };
    const whole = await openai.responses.create(ask);
    expect(whole.output_text).toBe(ABOUT_SQUARE);
    const names: string[] = [];
    const stream = openai.responses.stream(ask);
    for await (const { type } of stream) names.push(type);
    expect((await stream.finalResponse()).output_text).toBe(ABOUT_SQUARE);
    expect(new Set(names)).toEqual(
      new Set([
        'response.created',
        'response.in_progress',
        'response.output_item.added',
        'response.content_part.added',
        'response.output_text.delta',
        'response.output_text.done',
        'response.content_part.done',
        'response.output_item.done',
        'response.completed',
      ]),
    );
  });

  it('lists the model', async () => {
    const models = await openai.models.list();
    expect(models.data.map(({ id }) => id)).toEqual([MODEL]);
    expect((await openai.models.retrieve(MODEL)).id).toBe(MODEL);
  });

  it('throws its own errors', async () => {
    const ask = { model: MODEL, messages: count };
    const chat = openai.chat.completions;
    await expect(chat.create({ ...ask, model: 'gpt' })).rejects.toBeInstanceOf(NotFoundError);
    await expect(chat.create({ ...ask, top_p: 7 })).rejects.toMatchObject({ param: 'top_p' });
    const long = [{ role: 'user' as const, content: 'a '.repeat(2000) }];
    await expect(chat.create({ ...ask, messages: long, stream: true })).rejects.toMatchObject({
      code: 'context_length_exceeded',
    });
    const embedding = openai.embeddings.create({ model: MODEL, input: 'a' });
    await expect(embedding).rejects.toBeInstanceOf(BadRequestError);
    const wrong = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'wrong', maxRetries: 0 });
    await expect(wrong.models.list()).rejects.toBeInstanceOf(AuthenticationError);
  });

  it('ends an answer that it leaves', async () => {
    const stream = await openai.chat.completions.create({
      ...{ model: MODEL, messages: count, stream: true, max_tokens: 900 },
      ...({ ignore_eos: true } as object),
    });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    await expect.poll(() => running(), { timeout: 5000 }).toBe(0);
  });
});

describe('the AI SDK', () => {
  const msd = () =>
    createOpenAICompatible({
      ...{ name: 'msd', baseURL: `${server.url}/v1`, apiKey: 'right', includeUsage: true },
    })(MODEL);

  it('chats about a picture', async () => {
    const { text, usage } = await generateText({
      ...{ model: msd(), temperature: 0 },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', image: readFileSync(SQUARE) },
            { type: 'text', text: 'Describe the picture.' },
          ],
        },
      ],
    });
    expect(text).toBe(ABOUT_SQUARE);
    expect(usage.outputTokens).toBe(16);
  });

  it('streams', async () => {
    const { textStream, usage } = streamText({
      ...{ model: msd(), temperature: 0, prompt: 'Count from 3 to 10.' },
    });
    let text = '';
    for await (const piece of textStream) text += piece;
    expect(text).toBe('3, 4, 5, 6, 7, 8, 9, 10.');
    expect((await usage).outputTokens).toBe(9);
  });

  it('aborts, and hears of errors', async () => {
    const abort = new AbortController();
    const { textStream } = streamText({
      ...{ model: msd(), prompt: 'Count from 3 to 10.', abortSignal: abort.signal },
      providerOptions: { msd: { ignore_eos: true } },
    });
    for await (const _ of textStream) abort.abort();
    await expect.poll(() => running(), { timeout: 5000 }).toBe(0);
    const long = generateText({ model: msd(), prompt: 'a '.repeat(2000), maxRetries: 0 });
    await expect(long).rejects.toThrow(/tokens.*context/);
  });
});

it('logs how requests went, and no word of them', async () => {
  const lines = server.log().filter(({ msg }) => msg === 'answered');
  expect(lines.length).toBeGreaterThan(10);
  const log = JSON.stringify(server.log());
  for (const word of ['Count from', 'green square', 'right', 'base64']) {
    expect(log).not.toContain(word);
  }
});

const headers = { authorization: 'Bearer right' };
const post = (path: string, body: object) =>
  fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });

async function running(): Promise<number> {
  const status = await fetch(`${server.url}/v1/msd/status`, { headers });
  return ((await status.json()) as { running: number }).running;
}
