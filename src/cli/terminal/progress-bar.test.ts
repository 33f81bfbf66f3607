import { expect, it } from 'vitest';
import { fakeStream } from '../testing/fake-stream.ts';
import { createProgressBar } from './progress-bar.ts';

it('a bar that stops clears the line where it stands, and goes nowhere else', () => {
  const { stream, text } = fakeStream('colours');
  const bar = createProgressBar(stream, '{value} of {total}');
  bar.start(5, 1);
  bar.update(2);
  const shown = text().length;
  bar.stop();
  expect(text()).toContain('1 of 5');
  expect(text()).not.toMatch(/\u{1b}[78]/u);
  expect(text().slice(shown)).toMatch(/\u{1b}\[1G\u{1b}\[2K$/u);
});
