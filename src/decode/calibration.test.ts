import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DraftTree } from '../contracts/drafter.ts';
import { ageCalibration, type Calibration, NO_CALIBRATION, observeWalk } from './calibration.ts';
import { survivals as survivalsOf } from './survivals.ts';
import { uniform } from './uniform.ts';

const survivals = (tree: DraftTree, calibration: Calibration) => survivalsOf(tree, [calibration]);

/** A chain of nodes, each of which the draft holds to follow by that chance. */
function chain(...said: number[]): DraftTree {
  const places = [0, ...said.map((_, i) => i + 1)];
  const score = (node: number) => said.slice(0, node).reduce((sum, one) => sum + Math.log(one), 0);
  return {
    tokens: Int32Array.from(places),
    parents: Int32Array.from(places, (node) => node - 1),
    depths: Int32Array.from(places),
    scores: Float32Array.from(places, score),
  };
}

/** After many walks over one tree, whose nodes are kept by a chance of their own. */
function walked(tree: DraftTree, chances: readonly number[], walks: number) {
  let calibration = NO_CALIBRATION;
  for (let walk = 0; walk < walks; walk += 1) {
    const path = [0];
    while (uniform(walk, path.length) < (chances[path.length - 1] ?? 0)) path.push(path.length);
    calibration = observeWalk(calibration, tree, path);
  }
  return calibration;
}

describe('survivals', () => {
  it('are the product of what the draft says, before anything was seen', () => {
    const [root, first, second] = survivals(chain(0.8, 0.5), NO_CALIBRATION);
    expect([root, first, second]).toEqual([1, expect.closeTo(0.8), expect.closeTo(0.4)]);
  });

  it('come to what is seen, by how sure the draft is and by depth', () => {
    const tree = chain(0.9, 0.6, 0.9);
    const chances = survivals(tree, walked(tree, [0.6, 0.8, 0.9], 400));
    expect(chances[1]).toBeGreaterThan(0.5);
    expect(chances[1]).toBeLessThan(0.72);
    expect(chances[2]).toBeGreaterThan(0.35);
    expect(chances[2]).toBeLessThan(0.58);
  });

  it('are little moved by one walk, and much by thirty', () => {
    const tree = chain(0.9);
    expect(survivals(tree, walked(tree, [0], 1))[1]).toBeGreaterThan(0.45);
    expect(survivals(tree, walked(tree, [0], 30))[1]).toBeLessThan(0.05);
  });

  it('never grow from parent to child, nor beyond 1', () => {
    const said = fc.array(fc.double({ min: 1e-3, max: 1, noNaN: true }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(said, fc.nat(20), (said, walks) => {
        const tree = chain(...said);
        const chances = survivals(
          tree,
          walked(
            tree,
            said.map(() => 1),
            walks,
          ),
        );
        for (let node = 1; node < chances.length; node++) {
          expect(chances[node]).toBeLessThanOrEqual(chances[node - 1] as number);
        }
      }),
    );
  });

  it('learn nothing of nodes whose parent was not kept', () => {
    const tree = chain(0.9, 0.4);
    expect(survivals(chain(0.4), walked(tree, [0], 50))[1]).toBeGreaterThan(0.1);
    expect(walked(tree, [0], 50).byDepth[1]).toEqual(NO_CALIBRATION.byDepth[1]);
  });

  it('are guessed by place where a draft does not say', () => {
    const { tokens, parents, depths } = chain(0.5, 0.5);
    const untold = { tokens, parents: parents.with(2, 0), depths: depths.with(2, 1) };
    const [, first, sibling] = survivals(untold, NO_CALIBRATION) as unknown as [
      number,
      number,
      number,
    ];
    expect(first).toBeGreaterThan(2 * sibling);
    expect(sibling).toBeGreaterThan(0);
  });
});

it('ageCalibration keeps the chances and lets new walks count for more', () => {
  const tree = chain(0.9);
  const seen = walked(tree, [0], 60);
  const aged = ageCalibration(seen, 2);
  const twice = (from: typeof seen) => observeWalk(observeWalk(from, tree, [0, 1]), tree, [0, 1]);
  expect(survivals(tree, twice(aged))[1]).toBeGreaterThan(
    2 * (survivals(tree, twice(seen))[1] as number),
  );
});
