import { describe, expect, it } from 'vitest';
import { barLine } from './train-display.ts';

const WORDS = ['3 min 20 s left', '2.31 tokens per pass', 'loss 0.412', 'agrees 61 %'];
const line = (columns: number) => barLine('120/1200', WORDS, columns, (size) => '#'.repeat(size));

describe('the line of a training', () => {
  it.each([20, 40, 60, 80, 100, 200])('fits %d columns', (columns) => {
    expect(line(columns).length).toBeLessThan(columns);
  });

  it('shows what matters most first, and a bar where there is room', () => {
    expect(line(200)).toBe(
      `${'#'.repeat(20)} 120/1200 3 min 20 s left, 2.31 tokens per pass, loss 0.412, agrees 61 %`,
    );
    expect(line(60)).toBe('120/1200 3 min 20 s left, 2.31 tokens per pass, loss 0.412');
    expect(line(30)).toBe('120/1200 3 min 20 s left');
  });
});
