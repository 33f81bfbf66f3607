import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createPasteFilter, withoutSigns } from './paste-filter.ts';

const pasted = (text: string) => `\x1b[200~${text}\x1b[201~`;

it('makes one line of a pasted block, whatever its line ends, and gives them back', () => {
  const filter = createPasteFilter();
  const line = filter(`before ${pasted('one\r\n\ttwo\rthree\n')} after`);
  expect(line).not.toMatch(/\p{Cc}/u);
  expect(withoutSigns(line)).toBe('before one\n\ttwo\nthree\n after');
});

it('lets keys through as they are, Alt-Enter as a line end of the message', () => {
  const filter = createPasteFilter();
  expect(filter('a\r\x1b[A\x03\t')).toBe('a\r\x1b[A\x03\t');
  expect(withoutSigns(filter('a\x1b\rb'))).toBe('a\nb');
});

it('gives the same however the terminal cuts it', () => {
  const word = fc.constantFrom('a', '\r\n', '\n', '\t', 'ü', '[200~', ' ');
  const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(''));
  fc.assert(
    fc.property(text, text, fc.nat(40), (typed, block, at) => {
      const whole = `${typed.replaceAll('\x1b', '')}${pasted(block)}z`;
      const cut = createPasteFilter();
      expect(cut(whole.slice(0, at)) + cut(whole.slice(at))).toBe(createPasteFilter()(whole));
    }),
  );
});
