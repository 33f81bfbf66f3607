import type { DraftTree } from '../../src/contracts/drafter.ts';
import { sameNumbers } from './tally.ts';

/** Same tokens at the same nodes under the same parents. */
export function sameTrees(
  a: Pick<DraftTree, 'tokens' | 'parents'>,
  b: { readonly tokens: ArrayLike<number>; readonly parents: ArrayLike<number> },
): boolean {
  return sameNumbers(a.tokens, b.tokens) && sameNumbers(a.parents, b.parents);
}
