import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK } from '../graph/blocks/block-attention.ts';
import { consecutive } from './consecutive.ts';
import {
  companionRows,
  evenGroups,
  inCompany,
  MOST_ROWS,
  pieceRows,
  standsApart,
} from './lane-groups.ts';
import { isChunk, MOST_TREE_ROWS } from './lane-map.ts';

const numRuns = Number(process.env.MSD_FUZZ ?? 300);

describe('companionRows', () => {
  it('adds a row where one would be alone in its kernel, and none else', () => {
    const rows = [0, 1, 2, 127, 128, 129, 130, 256, 257, 512];
    expect(rows.map(companionRows)).toEqual([2, 2, 2, 127, 128, 130, 130, 256, 258, 512]);
  });

  it('fills chosen rows up with the first one', () => {
    expect([...inCompany([5])]).toEqual([5, 0]);
    expect([...inCompany([5, 3])]).toEqual([5, 3]);
    expect(inCompany([...Array(257).keys()]).length).toBe(258);
  });
});

describe('pieceRows', () => {
  const mosts = fc.oneof(fc.constant(MOST_ROWS), fc.integer({ min: 1, max: 600 }));

  it('reads any text to its end, in pieces that a pass can take', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(700), mosts, (committed, rows, most) => {
        let length = committed;
        for (let left = rows; left > 0; ) {
          const n = pieceRows(length, left, most);
          expect(n).toBeGreaterThan(0);
          expect(n).toBeLessThanOrEqual(Math.min(left, most));
          const parents = consecutive(n, -1);
          expect(n <= MOST_TREE_ROWS || isChunk({ length, parents })).toBe(true);
          if (n > BLOCK && n < left) expect(n % BLOCK, 'whole blocks').toBe(0);
          left -= n;
          length += n;
        }
        expect(length).toBe(committed + rows);
      }),
      { numRuns },
    );
  });

  it('takes few passes: one up to the next block, and then as many rows as it may', () => {
    const passes = (committed: number, rows: number) => {
      let [length, left, count] = [committed, rows, 0];
      while (left > 0) {
        const n = pieceRows(length, left);
        length += n;
        left -= n;
        count += 1;
      }
      return count;
    };
    expect(passes(0, MOST_ROWS)).toBe(1);
    expect(passes(0, 2 * MOST_ROWS)).toBe(2);
    expect(passes(BLOCK - 1, MOST_ROWS)).toBe(2);
    expect(passes(BLOCK - 1, BLOCK)).toBe(1);
  });
});

describe('evenGroups', () => {
  const rows = fc.array(
    fc.oneof(fc.constant(1), fc.integer({ min: 1, max: BLOCK }), fc.integer({ min: 1, max: 512 })),
    { maxLength: 30 },
  );

  it('puts every lane into one group, those of a block or less apart from longer ones', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const groups = evenGroups(all);
        expect(groups.flat().sort((a, b) => a - b)).toEqual([...all.keys()]);
        for (const group of groups) {
          const long = group.filter((lane) => (all[lane] as number) > BLOCK);
          expect([0, group.length]).toContain(long.length);
        }
      }),
      { numRuns },
    );
  });

  it('wastes no more on padding than rows are wanted, but for a block', () => {
    fc.assert(
      fc.property(rows, (all) => {
        for (const group of evenGroups(all)) {
          const counts = group.map((lane) => all[lane] as number);
          const sum = counts.reduce((a, b) => a + b, 0);
          expect(counts.length * Math.max(...counts)).toBeLessThanOrEqual(2 * sum + BLOCK);
        }
      }),
      { numRuns },
    );
  });

  it('parts lanes of two sizes where one of the longer stands apart from the shorter', () => {
    const lanes = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: BLOCK }));
    fc.assert(
      fc.property(lanes, lanes, (a, b) => {
        const [[few, short], [many, long]] = a[1] <= b[1] ? [a, b] : [b, a];
        const all = [...Array<number>(few).fill(short), ...Array<number>(many).fill(long)];
        const apart = standsApart(long, { lanes: few, rows: few * short });
        expect(evenGroups(all)).toHaveLength(apart ? 2 : 1);
      }),
    );
  });

  it('lets lanes of like many rows share one pass, and single tokens join small trees', () => {
    expect(evenGroups(Array(16).fill(1))).toHaveLength(1);
    expect(evenGroups([8, 1, 8, 1])).toEqual([[1, 3, 0, 2]]);
    expect(evenGroups([1, 512, 1, 500])).toEqual([
      [0, 2],
      [3, 1],
    ]);
  });
});
