/** What is shared changes no word, and no guess: copies in the caches of target and draft are what reading anew gives. */
import { describe, expect, it } from 'vitest';
import { TINY_PAIR } from '../../checkpoint/testing/folders.ts';
import type { GenerateOptions, GenerateResult } from '../../contracts/generate.ts';
import type { ChatMessage } from '../../contracts/messages.ts';
import { load, type MsdModel } from '../../load.ts';

const TREE = { total: 8, depth: 2, topK: 4 };
const PICTURE = 'fixtures/tiny/images/square.png';
const SYSTEM =
  'Answer in one short sentence, with the colours and the shapes that are there, in order.';
const ask = (question: string, more: object = {}, next: ChatMessage[] = []): GenerateOptions => ({
  messages: [
    { role: 'system', content: SYSTEM },
    {
      role: 'user',
      content: [
        { type: 'image', image: PICTURE },
        { type: 'text', text: question },
      ],
    },
    ...next,
  ],
  ...{ tree: TREE, maxTokens: 40, ignoreEos: true, ...more },
});
const FIRST = 'Describe the picture.';
const SECOND = 'What is in the picture, and where does it stand?';

const tiny = () => load({ ...TINY_PAIR, thread: false, threads: 1 });
const cold = async (options: GenerateOptions): Promise<GenerateResult> => {
  await using model = await tiny();
  return await model.complete(options); // before it is disposed
};

function expectSame(warm: GenerateResult, alone: GenerateResult): void {
  expect(alone.cachedTokens).toBe(0);
  expect(warm.cachedTokens).toBeGreaterThan(64); // the picture's tokens at least
  expect(warm.ids).toEqual(alone.ids);
  expect(warm.acceptedPerPass).toEqual(alone.acceptedPerPass);
}

/** The result of `options`, asked once the other answer has written some tokens, and is still written. */
async function beside(model: MsdModel, other: GenerateOptions, options: GenerateOptions) {
  let asked: Promise<GenerateResult> | undefined;
  for await (const event of model.generate(other)) {
    if (event.type === 'round') asked ??= model.complete(options);
  }
  return asked as Promise<GenerateResult>;
}

describe.each(['msd', 'suffix', 'none'])('a shared beginning, by %s', (drafter) => {
  const more = { drafter, ...(drafter === 'none' && { tree: 1 }) };

  it('of an answer that still runs', async () => {
    const alone = await cold(ask(SECOND, more));
    await using model = await tiny();
    expectSame(
      await beside(model, ask(FIRST, { ...more, maxTokens: 200 }), ask(SECOND, more)),
      alone,
    );
  });

  it('of the same answer twice at once, one drawn by another seed', async () => {
    const drawn = { ...more, temperature: 1, seed: 5 };
    const alone = await cold(ask(FIRST, drawn));
    await using model = await tiny();
    const running = ask(FIRST, { ...drawn, seed: 6, maxTokens: 200 });
    expectSame(await beside(model, running, ask(FIRST, drawn)), alone);
  });

  it('of an answer that ended, whose own next turn goes on from it too', async () => {
    const alone = await cold(ask(SECOND, more));
    await using model = await tiny();
    const first = await model.complete(ask(FIRST, { ...more, maxTokens: 300 }));
    expectSame(await model.complete(ask(SECOND, more)), alone);
    const again = await model.complete(ask(FIRST, { ...more, maxTokens: 300 }));
    expect(again.ids).toEqual(first.ids);
    expect(again.cachedTokens).toBeGreaterThan(64);
  });

  it('of answers that are asked for at once: one reads it, and all are kept for next turns', async () => {
    const seeds = [1, 2, 3];
    const drawn = (seed: number, next: ChatMessage[] = []) =>
      ask(FIRST, { ...more, temperature: 1, seed }, next);
    await using model = await tiny();
    const together = await Promise.all(seeds.map((seed) => model.complete(drawn(seed))));
    expect(together.filter(({ cachedTokens }) => cachedTokens === 0)).toHaveLength(1);
    for (const [at, { ids, text }] of together.entries()) {
      const seed = seeds[at] as number;
      expect(ids).toEqual((await cold(drawn(seed))).ids);
      const next = drawn(seed, [
        { role: 'assistant', content: text },
        { role: 'user', content: SECOND },
      ]);
      expectSame(await model.complete(next), await cold(next));
    }
  });
});
