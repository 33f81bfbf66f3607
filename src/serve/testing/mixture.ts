import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GenerateOptions } from '../../contracts/generate.ts';

/** A request of many kinds, with what the model alone is asked for the same words. */
export interface Mixed {
  readonly body: object;
  readonly alone: GenerateOptions;
  /** Words after which its client leaves; null is never. */
  readonly leaveAfter: number | null;
}

const PICTURES = ['square', 'wide'].map((name) => `fixtures/tiny/images/${name}.png`);
const QUESTIONS = ['Describe the picture.', 'What is in the picture?', 'Which colours are there?'];
const SCHEMAS: readonly object[] = [
  {
    type: 'object',
    properties: { shape: { enum: ['circle', 'square'] }, size: { type: 'integer', minimum: 1 } },
    required: ['shape', 'size'],
  },
  { type: 'array', items: { type: 'string', maxLength: 9 }, maxItems: 4 },
  { anyOf: [{ type: 'null' }, { type: 'string', pattern: '^[a-z ]{2,20}$' }] },
];
const WORDS = ['Count from 3 to 10.', 'Count from 2 to 9.', 'Tell a short story.', 'Hello!'];

/**
 * The `index`-th request: with a picture or without, greedy or by a seed, biased now and then, a fourth by a schema; a third
 * is left.
 */
export function mixed(index: number): Mixed {
  const pick = <T>(list: readonly T[], by: number) => list[by % list.length] as T;
  const picture = index % 2 === 0 ? pick(PICTURES, index / 2) : null;
  const question = pick(picture === null ? WORDS : QUESTIONS, Math.floor(index / 2));
  const temperature = pick([0, 0.7, 1.3], index);
  const sampling = { temperature, seed: index, max_tokens: 8 + (index % 40), top_p: 0.95 };
  const penalty = index % 5 === 0 ? 0.5 : 0;
  const stop = index % 7 === 0 ? [' the'] : [];
  const schema = index % 4 === 1 ? pick(SCHEMAS, Math.floor(index / 4)) : null;
  const format = schema && ({ type: 'json_schema', json_schema: { name: 'a', schema } } as const);
  const words = { type: 'text', text: question } as const;
  const url = picture && `data:image/png;base64,${readFileSync(picture).toString('base64')}`;
  const parts = url === null ? [words] : [{ type: 'image_url', image_url: { url } }, words];
  return {
    body: {
      messages: [{ role: 'user', content: parts }],
      ...{ ...sampling, stop, frequency_penalty: penalty, stream: true },
      ...(format && { response_format: format }),
    },
    alone: {
      ...{ prompt: question, images: picture === null ? [] : [picture], temperature, seed: index },
      ...{ maxTokens: sampling.max_tokens, topP: 0.95, stop, frequencyPenalty: penalty },
      ...(format && { responseFormat: format }),
    },
    leaveAfter: index % 3 === 2 ? index % 4 : null,
  };
}

export interface Heard {
  readonly text: string;
  readonly left: boolean;
  /** Milliseconds to the first word; null without one. */
  readonly firstMs: number | null;
}

/** Asks as a streaming client, which leaves where it is to; one that is sent away asks again. */
async function hear(url: string, { body, leaveAfter }: Mixed): Promise<Heard> {
  const gone = new AbortController();
  const start = performance.now();
  const response = await fetch(`${url}/v1/chat/completions`, {
    ...{ method: 'POST', body: JSON.stringify(body), signal: gone.signal },
  });
  if (response.status === 429) {
    await response.text();
    await sleep(100);
    return hear(url, { body, leaveAfter, alone: { prompt: '' } });
  }
  if (!response.ok || response.body === null) throw new Error(await response.text());
  let [text, words, rest] = ['', 0, ''];
  let firstMs: number | null = null;
  try {
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + part).split('\n\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const data = line.match(/^data: (\{.*)/)?.[1];
        if (data === undefined) {
          if (line.startsWith('event: error')) throw new Error(line);
          continue;
        }
        const delta = JSON.parse(data).choices[0]?.delta.content ?? '';
        if (delta === '') continue;
        firstMs ??= performance.now() - start;
        text += delta;
        words += 1;
      }
      if (leaveAfter !== null && words > leaveAfter) {
        gone.abort();
        return { text, left: true, firstMs };
      }
    }
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
  return { text, left: false, firstMs };
}

/** Hears requests by so many clients at once, each with one under way. */
export async function hearAll(
  url: string,
  requests: readonly Mixed[],
  clients: number,
): Promise<Heard[]> {
  const heard: Heard[] = [];
  const queue = requests.entries();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (const [at, request] of queue) heard[at] = await hear(url, request);
    }),
  );
  return heard;
}
