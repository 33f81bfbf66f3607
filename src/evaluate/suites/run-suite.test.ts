import { expect, it } from 'vitest';
import { fakeModel, fakeResult } from '../testing/fake-results.ts';
import { type Asked, runSuite } from './run-suite.ts';
import type { Suite } from './suite.ts';
import { suiteReport } from './suite-report.ts';

const SUITE: Suite = {
  name: 'photographs',
  title: 'Photographs',
  items: ['cat', 'cello', 'dog'].map((word) => ({
    name: word,
    picture: Uint8Array.of(1),
    question: 'What is it?',
    answers: { words: [word] },
  })),
  missing: [],
};

/** Plain says a violin or a cello of everything, in three tokens; speculative the same text by these ids. */
async function ask(speculative: readonly number[]): Promise<Asked[]> {
  const text = 'A violin or a cello.';
  const model = fakeModel(({ drafter }) => ({
    ...fakeResult({ ids: drafter === 'none' ? [1, 2, 3] : speculative }),
    text,
  }));
  const asked: Asked[] = [];
  const { signal } = new AbortController();
  await using loaded = await model.load();
  for await (const one of runSuite({ model: loaded, suite: SUITE, maxTokens: 8, signal })) {
    asked.push(one);
  }
  return asked;
}

it('asks every question once, and judges what stands before an "or" apart', async () => {
  const asked = await ask([1, 2, 3]);
  expect(asked.map(({ item, right, firstRight }) => [item, right, firstRight])).toEqual([
    [0, false, false],
    [1, true, false],
    [2, false, false],
  ]);
});

it('says that answers differ where their tokens do', async () => {
  expect((await ask([1, 2, 3])).map(({ same }) => same)).toEqual([true, true, true]);
  expect((await ask([1, 2, 4])).map(({ same }) => same)).toEqual([false, false, false]);
});

it('reports shares of what was asked, and tokens over passes', async () => {
  const report = suiteReport(SUITE, await ask([1, 2, 3]), () => 0.5);
  expect(report).toMatchObject({ asked: 3, same: 1, tokensPerPass: 2, tokensPerAnswer: 3 });
  expect(report.right).toBeCloseTo(1 / 3);
  expect(report.questions[1]).toMatchObject({ name: 'cello', right: true });
});
