import { describe, expect, it } from 'vitest';
import { roundMs } from './costs.ts';

const costs = {
  target: [
    { rows: 1, ms: 10 },
    { rows: 8, ms: 17 },
    { rows: 16, ms: 25 },
  ],
  draftLevel: 2,
  host: 0.5,
};
const tree = (total: number, depth: number) => ({ total, depth, topK: 4 });

describe('roundMs', () => {
  it('is the pass of one row and the host for plain decoding', () => {
    expect(roundMs(costs, tree(1, 0))).toBe(10.5);
  });

  it('adds a draft pass for reading and one for each level', () => {
    expect(roundMs(costs, tree(8, 3))).toBe(17.5 + 4 * 2);
  });

  it('takes the next wider size that was timed, and grows with the rows beyond the last', () => {
    expect(roundMs(costs, tree(9, 0))).toBe(25 + 0.5 + 2);
    expect(roundMs(costs, tree(16, 0))).toBe(25 + 0.5 + 2);
    expect(roundMs(costs, tree(24, 0))).toBe(37.5 + 0.5 + 2);
  });

  it('needs a pass to have been timed', () => {
    expect(() => roundMs({ ...costs, target: [] }, tree(8, 3))).toThrow(RangeError);
  });
});
