import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loopStart } from './loop-start.ts';

const cycle = (length: number, times: number) =>
  Array.from({ length: length * times }, (_, i) => i % length);

it('finds the third beginning of the same eight tokens', () => {
  expect(loopStart([99, ...cycle(10, 3)])).toBe(21);
  expect(loopStart(cycle(3, 5)), 'circles shorter than eight tokens').toBe(6);
});

it('lets what stands twice pass, and seven tokens as often as they like', () => {
  expect(loopStart(cycle(20, 2))).toBeNull();
  const sevens = Array.from({ length: 9 }, (_, i) => [1, 2, 3, 4, 5, 6, 7, 100 + i]).flat();
  expect(loopStart(sevens)).toBeNull();
});

it('agrees with a count of every eight tokens', () => {
  const texts = fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 60 });
  fc.assert(
    fc.property(texts, (ids) => {
      const gramAt = (at: number) => ids.slice(at, at + 8).join();
      const starts = ids.slice(7).map((_, at) => at);
      const found = starts.find(
        (at) => starts.filter((other) => other <= at && gramAt(other) === gramAt(at)).length === 3,
      );
      expect(loopStart(ids)).toBe(found ?? null);
    }),
  );
});
