import { expect, it } from 'vitest';
import { createProgressMeter, speedText } from './harvest-progress.ts';

it('counts what earlier runs did as done, but not into the speed', () => {
  let now = 5000;
  const meter = createProgressMeter(100, 40, () => now);
  expect(meter.progress()).toMatchObject({ done: 40, total: 100, secondsLeft: undefined });
  now += 2000;
  meter.count(20, 300);
  expect(meter.progress()).toEqual({ done: 60, total: 100, tokensPerSecond: 150, secondsLeft: 4 });
});

it.each([
  [951.4, 59.2, '951 tokens/s, 60 s left'],
  [0.84, 240, '0.8 tokens/s, 4 min left'],
  [12, 2.5 * 3600, '12 tokens/s, 2 h 30 min left'],
  [12, undefined, '12 tokens/s'],
])('says %d tokens a second and %d seconds as people read them', (speed, secondsLeft, text) => {
  expect(speedText({ done: 1, total: 2, tokensPerSecond: speed, secondsLeft })).toBe(text);
});
