import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inParallel } from './in-parallel.ts';

const never = new AbortController().signal;

it('works on at most so many at a time, and on all', async () => {
  let [now, most, done] = [0, 0, 0];
  await inParallel([...Array(20).keys()], 4, never, async () => {
    now += 1;
    most = Math.max(most, now);
    await sleep(1);
    now -= 1;
    done += 1;
  });
  expect([most, done]).toEqual([4, 20]);
});

it('stops the others once one fails, and throws its error after all have ended', async () => {
  const begun: number[] = [];
  let running = 0;
  const work = async (item: number, stop: AbortSignal) => {
    begun.push(item);
    running += 1;
    try {
      if (item === 1) throw new RangeError('one');
      await sleep(10_000, undefined, { signal: stop });
    } finally {
      running -= 1;
    }
  };
  await expect(inParallel([0, 1, 2, 3, 4], 3, never, work)).rejects.toThrow(new RangeError('one'));
  expect(begun).toEqual([0, 1, 2]);
  expect(running).toBe(0);
});

it('ends with the reason of its signal', async () => {
  const outer = new AbortController();
  const work = (_: number, stop: AbortSignal) => sleep(10_000, undefined, { signal: stop });
  const all = inParallel([1, 2], 2, outer.signal, work);
  outer.abort(new RangeError('enough'));
  await expect(all).rejects.toThrow('enough');
});
