import type { Drafter, DraftState, DraftTree, TreeShape } from '../contracts/drafter.ts';
import { rootTree } from '../decode/root-tree.ts';
import { truncatedLength } from '../model/truncated-length.ts';
import { createPathTree } from './path-tree.ts';

/** Longest run of tokens that is looked up. */
const LONGEST = 3;

/**
 * Drafts without a network: where the last tokens stood before, in the prompt or in the answer so far, what
 * followed them there is proposed. Continuations of several places share their beginnings in one tree.
 *
 * @param barrier placeholder id of pictures: it ends a continuation and is never proposed
 */
export function createPromptLookupDrafter(barrier: number): Drafter {
  return { name: 'prompt-lookup', open: () => openState(barrier) };
}

function openState(barrier: number): DraftState {
  const text: number[] = []; // next token of every committed row; the last one is the root
  return {
    get length() {
      return text.length;
    },
    async extend(rows) {
      for (const id of rows.next) text.push(id);
    },
    async propose(root, shape) {
      return text.at(-1) === root ? lookUp(text, root, shape, barrier) : rootTree(root);
    },
    truncate(to) {
      text.length = truncatedLength(text.length, to);
    },
    dispose() {
      text.length = 0;
    },
  };
}

/** The tree of what followed the text's last tokens elsewhere: at most `topK` places, the best matches first. */
function lookUp(
  text: readonly number[],
  root: number,
  { total, depth, topK }: TreeShape,
  barrier: number,
): DraftTree {
  const tree = createPathTree(root, { total, topK });
  for (const end of matches(text, topK)) tree.add(continuation(text, end + 1, depth + 1, barrier));
  return tree.build();
}

/** Places of tokens before which the text reads as at its end: long matches first, then recent ones. At most `most`. */
function matches(text: readonly number[], most: number): number[] {
  const byLength: number[][] = Array.from({ length: LONGEST + 1 }, () => []);
  const longest = byLength[LONGEST] as number[];
  for (let end = text.length - 2; end >= 0 && longest.length < most; end--) {
    byLength[matchLength(text, end)]?.push(end);
  }
  return byLength.slice(1).reverse().flat().slice(0, most);
}

/** How many tokens up to place `end` equal the text's last ones, up to LONGEST. */
function matchLength(text: readonly number[], end: number): number {
  let length = 0;
  while (
    length < LONGEST &&
    length <= end &&
    text[end - length] === text[text.length - 1 - length]
  ) {
    length++;
  }
  return length;
}

/** At most `length` tokens from place `start` on, up to a picture. */
function continuation(
  text: readonly number[],
  start: number,
  length: number,
  barrier: number,
): number[] {
  const run = text.slice(start, start + length);
  const stop = run.indexOf(barrier);
  return stop < 0 ? run : run.slice(0, stop);
}
