import { describe, expect, it } from 'vitest';
import { levelStats } from './level-stats.ts';

const tree = {
  tokens: Int32Array.of(5, 6, 7, 8),
  parents: Int32Array.of(-1, 0, 0, 1),
  depths: Int32Array.of(0, 1, 1, 2),
};

describe('levelStats', () => {
  it('counts the nodes of each depth, and says nothing of a draft that does not tell', () => {
    expect(levelStats(tree)).toEqual([
      { nodes: 2, survival: null },
      { nodes: 1, survival: null },
    ]);
  });

  it('adds up the probabilities of a depth', () => {
    const scores = Float32Array.from([0, Math.log(0.5), Math.log(0.25), Math.log(0.4)]);
    const [first, second] = levelStats({ ...tree, scores });
    expect(first?.survival).toBeCloseTo(0.75);
    expect(second?.survival).toBeCloseTo(0.4);
  });

  it('has no level for a root alone', () => {
    const root = Int32Array.of(0);
    expect(levelStats({ tokens: root, parents: root, depths: root })).toEqual([]);
  });
});
