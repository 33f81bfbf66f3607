import type { PassTree } from '../../contracts/generate.ts';
import type { JoinedTree } from '../../decode/join-trees.ts';
import { loneText, type TokenTexts } from '../../input/detokenize.ts';

/**
 * A verified tree, as it is told.
 * @param sources who guesses: the drafter, and what is beside it
 */
export function passTree(
  tree: JoinedTree,
  kept: Int32Array,
  sources: readonly (string | null)[],
  tokenizer: TokenTexts,
): PassTree {
  const guesser = (node: number): string | null => {
    if (node === 0) return null;
    const by = tree.told?.findIndex((chances) => (chances[node] as number) > 0) ?? 0;
    return sources[Math.max(0, by)] ?? null;
  };
  return {
    nodes: Array.from(tree.tokens, (id, node) => ({
      id,
      token: loneText(tokenizer, id),
      parent: tree.parents[node] as number,
      by: guesser(node),
    })),
    kept: [...kept],
  };
}
