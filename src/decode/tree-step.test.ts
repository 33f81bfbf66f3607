import { expect, it } from 'vitest';
import { toyLanguage } from './testing/toy-language.ts';
import { toyTarget } from './testing/toy-target.ts';
import { treeStep } from './tree-step.ts';

it('places every node at the position of its depth on all axes and wants all heads', () => {
  const sequence = toyTarget(toyLanguage(4, 1, 1, 1)).open();
  const tree = {
    tokens: Int32Array.of(3, 1, 2, 0),
    parents: Int32Array.of(-1, 0, 0, 2),
    depths: Int32Array.of(0, 1, 1, 2),
  };
  const axis = Int32Array.of(70, 71, 71, 72);
  expect(treeStep(sequence, tree, 70, 'logits')).toEqual({
    sequence,
    ids: tree.tokens,
    parents: tree.parents,
    positions: { time: axis, height: axis, width: axis },
    heads: Int32Array.of(0, 1, 2, 3),
    want: 'logits',
  });
});
