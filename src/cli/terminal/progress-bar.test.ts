import { expect, it } from 'vitest';
import { fakeStream } from '../testing/fake-stream.ts';
import { createProgressBar } from './progress-bar.ts';

it('a bar that stops clears the line where it stands, and goes nowhere else', () => {
  const { stream, text } = fakeStream('colours');
  const bar = createProgressBar(stream, '{value} of {total}');
  bar.start(5, 1);
  bar.update(2);
  bar.stop();
  expect(text()).toContain('1 of 5');
  for (const place of ['\x1b7', '\x1b8']) expect(text()).not.toContain(place);
  expect(text().endsWith('\x1b[1G\x1b[2K')).toBe(true);
});
