import { describe, expect, it } from 'vitest';
import type { GenerateOptions } from '../contracts/generate.ts';
import { type Pair, type PairedRuns, pairedRuns, type Variant } from './paired-runs.ts';
import { fakeModel, fakePrompt, fakeResult } from './testing/fake-results.ts';

const variant: Variant = { drafter: 'eagle', tree: { total: 8, depth: 4, topK: 4 } };
const prompts = ['a', 'b', 'c'].map(fakePrompt);
const live = new AbortController().signal;

async function run(
  { model }: Pick<ReturnType<typeof fakeModel>, 'model'>,
  repeats: number,
  signal = live,
  more: Partial<PairedRuns> = {},
) {
  const pairs: Pair[] = [];
  const settings = { maxTokens: 9, temperature: 0.7, seed: 3 };
  const runs = pairedRuns({ model, variant, prompts, repeats, settings, signal, ...more });
  for await (const pair of runs) pairs.push(pair);
  return pairs;
}

describe('pairedRuns', () => {
  it('forgets what was held likely before each repetition, and not between prompts', async () => {
    const told: string[] = [];
    const { model } = fakeModel(() => fakeResult({ ids: [1] }));
    const heard = {
      forget: () => void told.push('forget'),
      generate(options: GenerateOptions) {
        told.push('answer');
        return model.generate(options);
      },
    };
    await run({ model: { ...model, ...heard } }, 2, live, { warmUp: false });
    const repetition = ['forget', ...Array<string>(2 * prompts.length).fill('answer')];
    expect(told).toEqual([...repetition, ...repetition]);
  });

  it('answers every prompt as often as asked, all of them before one is repeated', async () => {
    const pairs = await run(
      fakeModel(() => fakeResult({ ids: [1] })),
      2,
    );
    expect(pairs.map(({ prompt }) => prompt)).toEqual([0, 1, 2, 0, 1, 2]);
  });

  it('lets each side of a prompt go first by turns', async () => {
    const pairs = await run(
      fakeModel(() => fakeResult({ ids: [1] })),
      2,
    );
    const firsts = prompts.map((_, prompt) =>
      pairs.filter((pair) => pair.prompt === prompt).map(({ first }) => first),
    );
    for (const turns of firsts) expect(turns.toSorted()).toEqual(['plain', 'speculative']);
  });

  it('warms up with the first and the last prompt, both ways, before it measures', async () => {
    const model = fakeModel(() => fakeResult({ ids: [1] }));
    await run(model, 0);
    const asked = model.requests.map(({ messages, drafter }) => [messages?.[0]?.content, drafter]);
    expect(asked).toEqual([
      ['a', 'none'],
      ['a', 'eagle'],
      ['c', 'none'],
      ['c', 'eagle'],
    ]);
  });

  it('asks both sides with the same settings, and only one with drafter and tree', async () => {
    const model = fakeModel(() => fakeResult({ ids: [1] }));
    await run(model, 1);
    for (const request of model.requests) {
      expect(request).toMatchObject({ maxTokens: 9, temperature: 0.7, seed: 3 });
      if (request.drafter === 'none') expect(request).not.toHaveProperty('tree');
      else expect(request).toMatchObject(variant);
    }
  });

  it('may have each answer know nothing of others', async () => {
    const model = fakeModel(() => fakeResult({ ids: [1] }));
    await run(model, 1, live, { settings: { maxTokens: 9, forget: 'likely' } });
    const forgetful = model.requests.filter(({ forget }) => forget === 'likely');
    expect(forgetful).toHaveLength(model.requests.length);
  });

  it('gives each answer to its side, whichever ran first', async () => {
    const model = fakeModel(({ drafter }) => fakeResult({ ids: [drafter === 'none' ? 1 : 2] }));
    for (const { plain, speculative } of await run(model, 2)) {
      expect([plain.ids, speculative.ids]).toEqual([[1], [2]]);
    }
  });

  it('ends without the pair that was under way when it is aborted', async () => {
    const controller = new AbortController();
    let answers = 0;
    const model = fakeModel(() => {
      answers += 1;
      if (answers === 4 + 2 + 2) controller.abort(); // warm-up, a pair, and the second answer of the next
      return fakeResult({ ids: [1] });
    });
    expect(await run(model, 5, controller.signal)).toHaveLength(1);
    expect(answers, 'answers that were asked for').toBe(8);
  });

  it('lets rivals answer once a pair, around it by turns, one at a time', async () => {
    const order: string[] = [];
    const rival = (name: string) => ({
      answer: async (ids: readonly number[], maxTokens: number) => {
        order.push(name);
        return { ids: [...ids, maxTokens], times: [1, 2], residentBytes: 3 };
      },
    });
    const model = fakeModel(({ drafter }) => {
      order.push(drafter === 'none' ? 'plain' : 'speculative');
      return fakeResult({ ids: [1] });
    });
    const idsOf = ({ name }: { name: string }) => [prompts.findIndex((one) => one.name === name)];
    const rivals = [rival('one'), rival('two')];
    const pairs = await run(model, 2, live, { rivals, idsOf, warmUp: false });
    expect(pairs[1]?.rivals?.map(({ ids }) => ids)).toEqual([
      [1, 9],
      [1, 9],
    ]);
    const turns = pairs.map((_, at) => order.slice(4 * at, 4 * at + 4));
    for (const turn of turns) {
      expect(turn.toSorted()).toEqual(['one', 'plain', 'speculative', 'two']);
      expect(Math.abs(turn.indexOf('plain') - turn.indexOf('speculative')), 'side by side').toBe(1);
    }
    expect(new Set(turns.map(([first]) => first)).size, 'who begins').toBeGreaterThan(2);
  });

  it('lets a draft know plain text before it is asked to write it', async () => {
    const told: string[] = [];
    const script = {
      learn: (prompt: number) => void told.push(`learn ${prompt}`),
      follow: (prompt: number) => void told.push(`follow ${prompt}`),
    };
    const model = fakeModel(() => fakeResult({ ids: [1] }));
    await run(model, 1, live, { script, warmUp: false });
    expect(told).toEqual(prompts.flatMap((_, at) => [`learn ${at}`, `follow ${at}`]));
  });
});
