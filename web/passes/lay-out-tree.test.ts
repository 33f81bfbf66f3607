import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describePass } from './describe-pass.ts';
import { EXAMPLE_PASS } from './example-pass.ts';
import { layOutTree } from './lay-out-tree.ts';
import { visibleToken } from './visible-token.ts';

/** Trees of up to 64 nodes, with what was kept of them. */
const anyPass = fc.array(fc.nat(), { minLength: 0, maxLength: 63 }).chain((draws) => {
  const parents = [-1, ...draws.map((draw, at) => draw % (at + 1))];
  return fc.nat(parents.length - 1).map((last) => {
    const kept = [last];
    for (let at = last; at > 0; at = kept[0] as number) kept.unshift(parents[at] as number);
    const nodes = parents.map((parent, at) => ({
      ...{ token: `token ${at}`, parent, by: at === 0 ? null : ('draft' as const) },
    }));
    const own = { text: ' own', by: 'target' as const };
    return { tree: { nodes, kept }, words: [own] };
  });
});

describe('the layout of a tree', () => {
  it('has no two nodes in one place, and every child right of its parent', () => {
    fc.assert(
      fc.property(anyPass, (pass) => {
        const { nodes, width, rows } = layOutTree(pass);
        expect(nodes).toHaveLength(pass.tree.nodes.length + 1);
        for (const [at, node] of nodes.entries()) {
          const parent = nodes[node.parent ?? -1];
          if (parent) expect(node.x).toBeGreaterThanOrEqual(parent.x + parent.width);
          expect(node.x + node.width).toBeLessThanOrEqual(width);
          expect(node.row).toBeLessThan(rows);
          for (const other of nodes.slice(0, at)) {
            if (other.row !== node.row) continue;
            expect(
              other.x + other.width <= node.x || node.x + node.width <= other.x,
              `${other.label} and ${node.label}`,
            ).toBe(true);
          }
        }
      }),
    );
  });

  it('has what was kept in its top row, up to the target’s own token', () => {
    fc.assert(
      fc.property(anyPass, (pass) => {
        const { nodes } = layOutTree(pass);
        const kept = nodes.filter(({ isKept }) => isKept);
        expect(kept.map(({ row }) => row)).toEqual(kept.map(() => 0));
        expect(kept).toHaveLength(pass.tree.kept.length + 1);
        expect(nodes.at(-1)).toMatchObject({ by: 'target', label: 'own' });
      }),
    );
  });

  it('has no token of the target’s own where an end cut the pass', () => {
    const { tree } = EXAMPLE_PASS;
    const { nodes } = layOutTree({ tree, words: [{ text: ' dog', by: 'draft' }] });
    expect(nodes.filter(({ by }) => by === 'target')).toEqual([]);
  });
});

it.each([
  ['', '∅'],
  ['\n', '⏎'],
  [' a', 'a'],
  ['  a ', '␣␣a␣'],
  ['\u{fffd}', '▯'],
  ['a very long token, this', 'a very long tok…'],
])('the token %j shows as %s', (token, shown) => {
  expect(visibleToken(token)).toBe(shown);
});

describe('a pass in words', () => {
  it('says what was guessed, kept and added', () => {
    expect(describePass(EXAMPLE_PASS)).toBe(
      'After “the”, 10 guesses; the model kept “dog” “chases” “a” “red”, then “ball” of its own.',
    );
  });

  it('says where nothing was guessed, or nothing kept', () => {
    const [root, dog] = EXAMPLE_PASS.tree?.nodes ?? [];
    if (root === undefined || dog === undefined) throw new TypeError('the example is empty');
    const words = [{ text: ' cow', by: 'target' as const }];
    expect(describePass({ tree: { nodes: [root], kept: [0] }, words })).toBe(
      'After “the”, nothing was guessed; the model wrote “cow”.',
    );
    expect(describePass({ tree: { nodes: [root, dog], kept: [0] }, words })).toBe(
      'After “the”, 1 guess; the model kept none, then “cow” of its own.',
    );
  });
});
