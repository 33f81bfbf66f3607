import type { Drafter, DraftState, DraftTree, TreeShape } from '../contracts/drafter.ts';
import { rootTree } from '../decode/tree-shape.ts';
import { truncatedLength } from '../model/truncated-length.ts';
import type { DrafterWithoutDraft } from './built-in-drafter.ts';
import { createPathTree } from './path-tree.ts';

export const promptLookup = {
  name: 'prompt-lookup',
  how: 'repeats of earlier text, no draft needed',
  drafts: true,
  open: ({ imageTokenId }) => createPromptLookupDrafter(imageTokenId),
} as const satisfies DrafterWithoutDraft;

/** Longest run of tokens that is looked up. */
const LONGEST = 3;

/**
 * Drafts without a network: where the last tokens stood before, in the prompt or in the answer so far, what
 * followed them there is proposed. Continuations of several places share their beginnings in one tree.
 *
 * @param barrier placeholder id of pictures, if the model reads any: it ends a continuation and is never proposed
 */
export function createPromptLookupDrafter(barrier: number | undefined): Drafter {
  const texts = new WeakMap<DraftState, number[]>(); // next token of every committed row; the last one is the root
  return {
    name: 'prompt-lookup',
    drafts: true,
    isNetwork: false,
    open() {
      const text: number[] = [];
      const state = stateOver(text);
      texts.set(state, text);
      return state;
    },
    async run(jobs) {
      return jobs.map(({ state, rows, grow }) => {
        const text = texts.get(state) ?? [];
        for (const { next } of rows) for (const id of next) text.push(id);
        if (grow === undefined) return null;
        const { root, shape } = grow;
        return text.at(-1) === root ? lookUp(text, root, shape, barrier) : rootTree(root);
      });
    },
  };
}

function stateOver(text: number[]): DraftState {
  return {
    get length() {
      return text.length;
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
  barrier: number | undefined,
): DraftTree {
  const tree = createPathTree(root, total);
  for (const start of followers(text, topK, barrier)) {
    const run = text.slice(start, start + depth + 1);
    const stop = barrier === undefined ? -1 : run.indexOf(barrier);
    tree.add(stop < 0 ? run : run.slice(0, stop));
  }
  return tree.build();
}

/** Places behind which the text's last tokens stand too: long matches first, then recent ones. At most `most`. */
function followers(text: readonly number[], most: number, barrier: number | undefined): number[] {
  const byLength: number[][] = Array.from({ length: LONGEST + 1 }, () => []);
  const longest = byLength[LONGEST] as number[];
  for (let start = text.length - 1; start > 0 && longest.length < most; start--) {
    if (text[start] !== barrier) byLength[matchLength(text, start)]?.push(start);
  }
  return byLength.slice(1).reverse().flat().slice(0, most);
}

/** How many tokens before a place equal the text's last ones, up to LONGEST. */
function matchLength(text: readonly number[], start: number): number {
  const most = Math.min(LONGEST, start);
  let length = 0;
  while (length < most && text[start - 1 - length] === text[text.length - 1 - length]) length++;
  return length;
}
