import fc from 'fast-check';
import { expect, it } from 'vitest';
import { largest } from './largest.ts';

it('gives the places of the largest values, the first of equals first', () => {
  const values = fc.float32Array({ noNaN: true, maxLength: 200 });
  fc.assert(
    fc.property(values, fc.nat(40), (all, count) => {
      const sorted = Array.from(all.keys()).sort((a, b) =>
        all[a] === all[b] ? a - b : (all[b] as number) - (all[a] as number),
      );
      expect(largest(all, count)).toEqual(sorted.slice(0, count));
    }),
  );
});
