import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { fitColumns } from './fit-columns.ts';

it('breaks long lines between words, below where they began', () => {
  expect(fitColumns('one two three four five six', 20)).toBe('one two three four\n  five six');
  expect(fitColumns('mode   auto: plain at first, since it is so', 24)).toBe(
    'mode   auto: plain at\n       first, since it\n       is so',
  );
});

it('keeps a number with its unit', () => {
  expect(fitColumns('one two three 61 %, four', 17)).toBe('one two three 61 %, four');
  expect(fitColumns('one two three four 61 %, 5 ms', 21)).toBe('one two three four\n  61 %, 5 ms');
});

it('leaves what fits, and everything where nobody knows the columns', () => {
  const text = 'a  b\nshort\n';
  expect(fitColumns(text, 40)).toBe(text);
  expect(fitColumns('x '.repeat(100), undefined)).toBe('x '.repeat(100));
});

it('loses no word, and breaks every line that has a place for it', () => {
  const word = fc.string({
    unit: fc.constantFrom('a', 'b', '日', '—'),
    minLength: 1,
    maxLength: 9,
  });
  const gap = fc.constantFrom(' ', '  ');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(word, gap)),
      fc.integer({ min: 40, max: 90 }),
      (words, columns) => {
        const line = words.flat().join('').trimEnd();
        const fitted = fitColumns(line, columns);
        expect(fitted.split(/\s+/)).toEqual(line.split(/\s+/));
        for (const one of fitted.split('\n')) expect(stringWidth(one)).toBeLessThanOrEqual(columns);
      },
    ),
  );
});
