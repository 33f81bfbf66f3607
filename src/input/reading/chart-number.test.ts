import { expect, it } from 'vitest';
import { numberIn } from './chart-number.ts';

it.each([
  ['35,361', 35361],
  ['1,234,567', 1234567],
  ['12.5', 12.5],
  ['12,5', 12.5],
  ['-4', -4],
  ['−4', -4],
  ['$ 1,250.75', 1250.75],
  ['63 %', 63],
  ['n/a', Number.NaN],
])('numberIn takes %s for %d', (text, number) => {
  expect(numberIn(text)).toBe(number);
});
