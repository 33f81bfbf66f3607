import { expect, it } from 'vitest';
import { createDraws } from '../draws.ts';
import { day, goods, money } from './values.ts';

it('groups thousands of amounts, and keeps their cents', () => {
  const amounts = Array.from({ length: 20 }, (_, seed) => money(createDraws(seed))(123_456_705));
  expect(amounts.every((amount) => /^[$£€]?1,234,567\.05$/.test(amount))).toBe(true);
});

it('takes a day as it is printed, and in words', () => {
  const printed = [0, 1, 2, 3].map((style) => day(createDraws(4), style)[0]);
  expect(new Set(printed).size).toBe(4);
  const [first, ...words] = day(createDraws(4), 1);
  expect(first).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(words).toHaveLength(2);
});

it('names no article twice', () => {
  expect(new Set(goods(createDraws(2), 12)).size).toBe(12);
});
