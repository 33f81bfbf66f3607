import { describe, expect, it } from 'vitest';
import type { Reading } from '../contracts/reading.ts';
import { engineOf } from '../engine/engine.ts';
import { toyModel } from '../engine/testing/toy-model.ts';
import { post, refusal, toyServer } from './testing/toy-server.ts';

const url =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const CHAT = {
  messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
  ...{ max_tokens: 4, ignore_eos: true, temperature: 0 },
};
const RESPONSE = {
  input: [{ role: 'user', content: [{ type: 'input_image', image_url: url }] }],
  ...{ max_output_tokens: 4, ignore_eos: true, temperature: 0 },
};
const CHART = { values: [{ name: 'q', number: '1' }], most: 0, least: null };
const READING: Reading = {
  lines: [
    {
      text: 'qrq',
      confidence: 0.5,
      box: [
        { x: 1, y: 2 },
        { x: 9, y: 2 },
        { x: 9, y: 5 },
        { x: 1, y: 5 },
      ],
    },
  ],
  text: 'qrq',
  chart: CHART,
  leftOut: 2,
};
const TOLD = [
  {
    text: 'qrq',
    lines: [
      {
        text: 'qrq',
        confidence: 0.5,
        box: [
          [1, 2],
          [9, 2],
          [9, 5],
          [1, 5],
        ],
      },
    ],
    chart: CHART,
    left_out: 2,
  },
];

/** A server whose reader says the same of every picture. */
const readingServer = () =>
  toyServer({}, () => {
    const { host, model } = toyModel();
    const openReader = async () => ({ read: async () => READING, dispose: async () => {} });
    return engineOf({ ...host, openReader }, model);
  });

interface Answer {
  readonly usage: { readonly prompt_tokens?: number; readonly input_tokens?: number };
  readonly readings?: object;
}
const answerTo = async (asked: Promise<Response>) => (await (await asked).json()) as Answer;

describe('read_text', () => {
  it.each([
    ['/v1/chat/completions', CHAT, 'prompt_tokens'],
    ['/v1/responses', RESPONSE, 'input_tokens'],
  ] as const)(
    'gives the model the words of a picture, and tells them: %s',
    async (path, body, name) => {
      const server = await readingServer();
      const without = await answerTo(post(server, path, body));
      const read = await answerTo(post(server, path, { ...body, read_text: true }));
      expect(without.readings).toBeUndefined();
      expect(read.readings).toEqual(TOLD);
      expect(read.usage[name]).toBeGreaterThan((without.usage[name] ?? 0) + 2);
    },
  );

  it('tells them once, whatever there are of choices', async () => {
    const asked = { ...CHAT, read_text: true, n: 2 };
    const { readings } = await answerTo(post(await readingServer(), '/v1/chat/completions', asked));
    expect(readings).toEqual(TOLD);
  });

  it('tells them in the last chunk of a stream', async () => {
    const server = await readingServer();
    const asked = { ...CHAT, read_text: true, stream: true };
    const events = (await (await post(server, '/v1/chat/completions', asked)).text()).split('\n\n');
    const chunks = events.flatMap((event) =>
      event.startsWith('data: {') ? [JSON.parse(event.slice(6)) as Answer] : [],
    );
    expect(chunks.map(({ readings }) => readings).filter(Boolean)).toEqual([TOLD]);
    expect(chunks.at(-1)?.readings).toEqual(TOLD);
  });

  it.each([
    ['/v1/chat/completions', CHAT],
    ['/v1/responses', RESPONSE],
  ])('is refused by its name where no reader can be had: %s', async (path, body) => {
    const server = await toyServer();
    const told = await refusal(post(server, path, { ...body, read_text: true }));
    expect(told).toMatchObject({ status: 400, code: 'invalid_value', param: 'read_text' });
    expect(told.message).toContain('nothing here reads text');
  });

  it('keeps the limits of pictures', async () => {
    const server = await toyServer({ pictures: 0 });
    const told = await refusal(post(server, '/v1/chat/completions', { ...CHAT, read_text: true }));
    expect(told).toMatchObject({ status: 400, code: 'image_refused' });
  });
});
