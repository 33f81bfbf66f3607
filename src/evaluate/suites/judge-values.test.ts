import { describe, expect, it } from 'vitest';
import { holdsValue, isNear } from './judge-values.ts';

describe('holdsValue', () => {
  it.each([
    ['The total is $1,204.50.', '1204.50'],
    ['It costs 1.204,50 €', '€1,204.50'],
    ['12.5 dollars', '$12.50'],
    ['That would be 7', '7.00'],
    ['on 2024-3-1', '2024-03-01'],
    ['14.03.2026 at noon', '14.03.2026'],
    ['at 07:45 pm', '7:45'],
    ['SEAT 18 H', '18H'],
    ['It is INV 20418', 'INV-20418'],
    ['Jose Garcia is the customer', 'José García'],
    ["It is in Maria's hands", 'Maria'],
    ['tracking SP87804869', 'SP87804869'],
  ])('finds "%s" to hold %s', (answer, value) => {
    expect(holdsValue(answer, value)).toBe(true);
  });

  it.each([
    ['112.50', '12.50'],
    ['12.05', '12.50'],
    ['2024-01-03', '2024-03-01'],
    ['It is 1204', '120'],
    ['Garcia', 'José Garcia'],
    ['', '7'],
  ])('finds "%s" not to hold %s', (answer, value) => {
    expect(holdsValue(answer, value)).toBe(false);
  });
});

describe('isNear', () => {
  const near = { near: 100, within: 10 };

  it('takes the first number that the question does not hold', () => {
    expect(isNear('In 2012 it was about 95.', 'How much was it in 2012?', near)).toBe(true);
    expect(isNear('In 2012 it was 50 or 95.', 'How much was it in 2012?', near)).toBe(false);
  });

  it('takes no answer without a number', () => {
    expect(isNear('quite a lot', 'How much?', near)).toBe(false);
  });
});
