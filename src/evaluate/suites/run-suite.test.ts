import { expect, it } from 'vitest';
import { PromptError } from '../../contracts/errors.ts';
import { fakeModel, fakeResult } from '../testing/fake-results.ts';
import { type Asked, isAsked, runSuite } from './run-suite.ts';
import type { Suite, SuiteItem } from './suite.ts';
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
    if (isAsked(one)) asked.push(one);
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

const page = (text: string) => ({ picture: 'a', lines: [], leftOut: 0, text });

/** Of one question, answered with a text; of its picture so much was read. */
async function askOne(item: Omit<SuiteItem, 'name'>, text: string, read?: string) {
  const model = fakeModel(() => ({
    ...fakeResult({ ids: [1, 2] }),
    text,
    ...(read !== undefined && { readings: [page(read)] }),
  }));
  const suite: Suite = { ...SUITE, items: [{ name: 'one', ...item }] };
  const { signal } = new AbortController();
  await using loaded = await model.load();
  const asked: Asked[] = [];
  for await (const one of runSuite({ model: loaded, suite, maxTokens: 8, signal })) {
    if (isAsked(one)) asked.push(one);
  }
  return { asked, suite, requests: model.requests };
}

const PAGE = { picture: Uint8Array.of(1), question: 'What does it say?' };

it('judges of a page what was read of it, and counts the characters that are wrong', async () => {
  const answers = { reads: 'one two' };
  const read = await askOne({ ...PAGE, answers }, 'a page', 'one twe');
  expect(read.asked[0]).toMatchObject({ right: false, characters: { errors: 1, of: 7 } });
  expect(suiteReport(read.suite, read.asked, () => 0.5).charactersWrong).toBeCloseTo(1 / 7);
});

it('judges the answer where nothing was read for the model', async () => {
  const { asked } = await askOne({ ...PAGE, answers: { reads: 'one two' } }, 'one two');
  expect(asked[0]).toMatchObject({ right: true, firstRight: true, speculativeRight: true });
});

it('asks without a picture where there is none', async () => {
  const { requests } = await askOne({ question: 'Why?', answers: { any: true } }, 'so');
  expect(requests.map(({ messages }) => messages)).toContainEqual([
    { role: 'user', content: 'Why?' },
  ]);
});

it('tells no share where nothing is judged', async () => {
  const { asked, suite } = await askOne({ question: 'Why?', answers: { any: true } }, 'so');
  const report = suiteReport(suite, asked, () => 0.5);
  expect([report.right, report.rightInterval, report.firstRight]).toEqual([null, null, null]);
});

it('weighs groups alike where a suite says so, however many were asked of each', async () => {
  const asked = await ask([1, 2, 3]);
  const items = SUITE.items.map((item, at) => ({ ...item, group: at === 1 ? 'known' : 'other' }));
  const report = suiteReport({ ...SUITE, items, weighsGroups: true }, asked, () => 0.5);
  expect(report.right).toBe(0.5);
  expect(report.groups.map(({ name, asked, right }) => [name, asked, right])).toEqual([
    ['other', 2, 0],
    ['known', 1, 1],
  ]);
});

it.each([0, 1, 2])('tells that question %i fails, and asks the others', async (broken) => {
  const model = fakeModel(({ messages = [] }) => {
    const [, question] = messages[0]?.content ?? [];
    if (typeof question === 'object' && question.type === 'text' && question.text === 'Broken?') {
      throw new PromptError('It is broken.');
    }
    return { ...fakeResult({ ids: [1, 2] }), text: 'a cat' };
  });
  const items = SUITE.items.map((item, at) =>
    at === broken ? { ...item, question: 'Broken?' } : item,
  );
  const { signal } = new AbortController();
  await using loaded = await model.load();
  const told: unknown[] = [];
  for await (const one of runSuite({
    model: loaded,
    suite: { ...SUITE, items },
    maxTokens: 8,
    signal,
  })) {
    told.push(isAsked(one) ? one.item : [one.item, one.failure]);
  }
  expect(told).toEqual([0, 1, 2].map((at) => (at === broken ? [at, 'It is broken.'] : at)));
});

it('counts what failed in no figure, and names it', async () => {
  const [first, , last] = await ask([1, 2, 3]);
  const outcomes = [first, { item: 1, failure: 'It is broken.' }, last].filter(
    (one) => one !== undefined,
  );
  const report = suiteReport(SUITE, outcomes, () => 0.5);
  expect(report.asked).toBe(2);
  expect(report.failed).toEqual([{ name: 'cello', failure: 'It is broken.' }]);
});
