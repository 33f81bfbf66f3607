import { describe, expect, it } from 'vitest';
import type { Likely } from '../../contracts/target.ts';
import { countEndings } from './count-endings.ts';

/** Rows of two tokens, equally likely. */
const evenly = (...pairs: readonly [number, number][]): Likely => ({
  ids: Int32Array.from(pairs.flat()),
  logits: new Float32Array(2 * pairs.length),
  each: 2,
});

describe('counted endings', () => {
  it('are those of one, two and three tokens at each place', () => {
    const { add, all } = countEndings();
    add(Int32Array.of(1, 2, 3, 4), [0, 3], evenly([5, 6], [7, 8]));
    expect([...all.keys()]).toEqual(['1', '4', '3,4', '2,3,4']);
    expect(all.get('2,3,4')).toMatchObject({ ending: [2, 3, 4], times: 1 });
    expect(all.get('4')?.law.map(({ token }) => token)).toEqual([7, 8]);
  });

  it('have the mean of what followed', () => {
    const { add, all } = countEndings();
    for (const pair of [
      [5, 6],
      [5, 7],
    ] as const)
      add(Int32Array.of(1), [0], evenly([...pair]));
    expect(all.get('1')).toEqual({
      ending: [1],
      times: 2,
      law: [
        { token: 5, chance: 0.5 },
        { token: 7, chance: 0.25 },
        { token: 6, chance: 0.25 },
      ],
    });
  });

  it('that were seen once go where there are too many', () => {
    const { add, all } = countEndings(undefined, 3);
    add(Int32Array.of(1, 1, 2), [0, 1, 2], evenly([5, 6], [5, 6], [5, 6]));
    expect([...all.keys()]).toEqual(['1']);
  });

  it('have one mark for the names of an answer, and for the token before it, whichever they are', () => {
    const MARK = 99;
    const { add, all } = countEndings(MARK);
    const [CAT, DOG] = [Int32Array.of(5, 6), Int32Array.of(7)];
    const seen = (name: Int32Array) => ({ names: [name], shown: true });
    // Answers of 1 and a name, and one of 1 alone.
    const likely = evenly([5, 0], [6, 0], [2, 0], [7, 0]);
    add(Int32Array.of(8, 1, 5, 6, 8, 1), [1, 2, 3, 5], likely, [seen(CAT), seen(DOG)]);
    add(Int32Array.of(8, 1, 7), [1, 2], evenly([7, 0], [2, 0]), [seen(DOG)]);
    expect(all.get(`${MARK},1`)).toMatchObject({ times: 3 });
    expect(all.get(`${MARK},1`)?.law[0]?.token).toBe(MARK);
    expect(all.get(`${MARK},1,${MARK}`)?.times).toBe(2);
    expect(all.has('8,1')).toBe(false);
    expect(all.has('7')).toBe(false);
  });
});
