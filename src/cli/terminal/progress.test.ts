import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeStream } from '../testing/fake-stream.ts';
import { createProgress } from './progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('draws nothing for work that takes a moment', () => {
  const { stream, text } = fakeStream('colours');
  const progress = createProgress(stream);
  progress.start('loading');
  vi.advanceTimersByTime(100);
  progress.clear();
  vi.advanceTimersByTime(5000);
  expect(text()).toBe('');
});

it('draws longer work on one line, and takes the line away', () => {
  const { stream, text } = fakeStream('colours');
  const progress = createProgress(stream);
  progress.start('reading the prompt');
  progress.update(100, 400);
  vi.advanceTimersByTime(1500);
  progress.update(200, 400);
  vi.advanceTimersByTime(1500);
  progress.clear();
  expect(text()).toMatch(/reading the prompt .+ 100\/400 tokens/);
  expect(text()).toMatch(/reading the prompt .+ 200\/400 tokens, \d s/);
  expect(text()).not.toContain('\n');
});

it('tells the seconds where there is no telling how far it is', () => {
  const { stream, text } = fakeStream('colours');
  const progress = createProgress(stream);
  progress.start('loading the embedded pair');
  vi.advanceTimersByTime(4000);
  progress.clear();
  expect(text()).toContain('loading the embedded pair 3 s');
});

it('writes nothing into a pipe', () => {
  const { stream, text } = fakeStream('pipe');
  const progress = createProgress(stream);
  progress.start('loading');
  vi.advanceTimersByTime(5000);
  progress.clear();
  expect(text()).toBe('');
});
