import fc from 'fast-check';
import { expect, it } from 'vitest';
import { predictedPart } from './predicted-part.ts';

/** The longest common subsequence, by the table of the textbook. */
function byTable(a: readonly number[], b: readonly number[]): number {
  const row = Array<number>(b.length + 1).fill(0);
  for (const x of a) {
    let corner = 0;
    for (const [at, y] of b.entries()) {
      const above = row[at + 1] as number;
      row[at + 1] = x === y ? corner + 1 : Math.max(above, row[at] as number);
      corner = above;
    }
  }
  return row[b.length] as number;
}

it('counts the longest common subsequence', () => {
  const ids = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 150 });
  fc.assert(
    fc.property(ids, ids, (predicted, written) => {
      const { accepted, rejected } = predictedPart(predicted, written);
      expect(accepted).toBe(byTable(predicted, written));
      expect(accepted + rejected).toBe(predicted.length);
    }),
  );
});
