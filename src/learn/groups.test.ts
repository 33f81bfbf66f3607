import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupByLength } from './groups.ts';

const lengths = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 24 });

describe('groups of like length', () => {
  it('hold every dialogue once, with room for it', () => {
    const property = fc.property(lengths, fc.integer({ min: 1, max: 2000 }), (given, maxRows) => {
      const groups = groupByLength(given, maxRows);
      const members = groups.flatMap((group) => group.members).toSorted((a, b) => a - b);
      expect(members).toEqual(given.map((_, index) => index));
      for (const { members, length } of groups) {
        const longest = Math.max(...members.map((member) => given[member] as number));
        expect(length, 'padded to the longest').toBe(longest);
        const rows = members.length * length;
        expect(rows <= maxRows || members.length === 1, `${rows} rows of ${maxRows}`).toBe(true);
      }
    });
    fc.assert(property);
  });

  it('are cheaper than one group of all and than one each', () => {
    const cost = (groups: readonly (readonly number[])[]) =>
      groups.reduce((sum, group) => sum + group.length * Math.max(...group) + 64, 0);
    const property = fc.property(lengths, (given) => {
      const groups = groupByLength(given, 1e9).map(({ members }) =>
        members.map((member) => given[member] as number),
      );
      expect(cost(groups)).toBeLessThanOrEqual(cost([given]));
      expect(cost(groups)).toBeLessThanOrEqual(cost(given.map((length) => [length])));
    });
    fc.assert(property);
  });
});
