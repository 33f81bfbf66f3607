import { describe, expect, it } from 'vitest';
import { type Contest, type Pair, pairedRuns } from './paired-runs.ts';
import { fakeModel, fakePrompt, fakeResult } from './testing/fake-results.ts';

const contest: Contest = { drafter: 'eagle', tree: { total: 8, depth: 4, topK: 4 } };
const prompts = ['a', 'b', 'c'].map(fakePrompt);
const live = new AbortController().signal;

async function run(model: ReturnType<typeof fakeModel>, repeats: number, signal = live) {
  const pairs: Pair[] = [];
  const settings = { maxTokens: 9, temperature: 0.7, seed: 3 };
  const runs = pairedRuns(model.generate, contest, prompts, repeats, settings, signal);
  for await (const pair of runs) pairs.push(pair);
  return pairs;
}

describe('pairedRuns', () => {
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
      else expect(request).toMatchObject(contest);
    }
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
});
