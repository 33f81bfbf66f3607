import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Law } from '../../draft/recycle/law.ts';
import { createRecycledTable, type Endings } from '../../draft/recycle/recycled-table.ts';
import type { CountedEnding } from './count-endings.ts';
import { pruneEndings } from './prune-endings.ts';

const counted = (...all: readonly [readonly number[], number, Law][]) =>
  new Map<string, CountedEnding>(
    all.map(([ending, times, law]) => [ending.join(), { ending, times, law }]),
  );
const sure = (token: number): Law => [{ token, chance: 0.9 }];
const bytesOf = (all: readonly Endings[]) =>
  all
    .flatMap(({ tokens, times, kept, next, chances }) => [tokens, times, kept, next, chances])
    .reduce((sum, { byteLength }) => sum + byteLength, 0);

describe('a pruned table', () => {
  it('tells what was counted where there is room', () => {
    const all = counted([[1], 300, sure(5)], [[2, 1], 1, sure(6)], [[3, 2, 1], 2, sure(7)]);
    const table = createRecycledTable(pruneEndings(all, 100, 1000));
    expect(table.find([1])).toMatchObject({ times: 255, law: [{ token: 5 }] });
    expect(table.find([2, 1])).toMatchObject({ times: 1, law: [{ token: 6 }] });
    expect(table.find([3, 2, 1])).toMatchObject({ times: 2, law: [{ token: 7 }] });
  });

  it('leaves out first what shorter endings tell as well', () => {
    const all = counted([[1], 9, sure(5)], [[2, 1], 4, sure(5)], [[3, 1], 4, sure(6)]);
    const table = createRecycledTable(pruneEndings(all, 100, 16));
    expect([[1], [2, 1], [3, 1]].map((ending) => table.find(ending) !== undefined)).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('leaves out tokens that no tree would propose, and endings without others', () => {
    const unlikely = { token: 6, chance: 0.009 };
    const all = counted([[1], 2, [...sure(5), unlikely]], [[2], 2, [unlikely]]);
    const table = createRecycledTable(pruneEndings(all, 100, 1000));
    expect(table.find([1])?.law.length).toBe(1);
    expect(table.find([2])).toBeUndefined();
  });

  it.each([100, 100_000])('keeps within its bytes, ids below %i', (vocabSize) => {
    const id = fc.nat(20);
    const ending = fc.array(id, { minLength: 1, maxLength: 3 });
    const one = fc.tuple(ending, fc.integer({ min: 1, max: 9 }), id.map(sure));
    fc.assert(
      fc.property(fc.array(one), fc.nat(200), (some, most) => {
        const pruned = pruneEndings(counted(...some), vocabSize, most);
        expect(bytesOf(pruned)).toBeLessThanOrEqual(most);
      }),
    );
  });
});
