import { expect, it } from 'vitest';
import { isRight } from './judge.ts';
import { textsSuite } from './texts-suite.ts';

it('asks at least 60 questions, each once and without a picture', () => {
  const { items } = textsSuite();
  expect(new Set(items.map(({ question }) => question)).size).toBeGreaterThanOrEqual(60);
  expect(new Set(items.map(({ name }) => name)).size).toBe(items.length);
  expect(items.filter(({ picture }) => picture !== undefined)).toEqual([]);
});

it('takes its own answers for right', () => {
  const wrong = textsSuite().items.filter((item) => {
    const { answers } = item;
    const said = 'values' in answers ? answers.values : 'picks' in answers ? [answers.picks] : [];
    return said.length === 0 || !said.every((value) => isRight(`It is ${value}.`, item));
  });
  expect(wrong).toEqual([]);
});

it('lets nobody pick by naming all there is', () => {
  const picked = textsSuite().items.filter(({ answers }) => 'picks' in answers);
  const named = picked.filter((item) => {
    const { picks = '', from = [] } = 'picks' in item.answers ? item.answers : {};
    const others = from.filter((thing) => thing !== picks);
    return isRight([...others, picks].join(' and '), item);
  });
  expect(picked.length).toBeGreaterThan(10);
  expect(named).toEqual([]);
});
