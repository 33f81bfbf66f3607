import type { Drafter, DraftTree, TreeShape } from '../contracts/drafter.ts';
import { rootTree } from '../decode/root-tree.ts';

/** Longest run of tokens that is looked up. */
const LONGEST = 3;

/**
 * Drafts without a network: where the last tokens stood before, in the prompt or in the answer so far, what
 * followed them there is proposed. Continuations of several places share their beginnings in one tree.
 * Placeholders of pictures (`barrier`) end a continuation.
 */
export function createPromptLookupDrafter(barrier: number): Drafter {
  return {
    name: 'prompt-lookup',
    open: () => {
      let text: number[] = []; // next token of every committed row; the last one is the root
      return {
        get length() {
          return text.length;
        },
        async extend(rows) {
          for (const id of rows.next) text.push(id);
        },
        async propose(root, shape) {
          return text.at(-1) === root ? lookUp(text, shape, barrier) : rootTree(root);
        },
        truncate(length) {
          text.length = length;
        },
        dispose() {
          text = [];
        },
      };
    },
  };
}

/** The tree of what followed earlier occurrences of the text's ending: long matches first, then recent ones. */
export function lookUp(text: readonly number[], shape: TreeShape, barrier: number): DraftTree {
  const tree = createTrie(text.at(-1) as number, shape);
  const seen = new Set<number>();
  for (let length = Math.min(LONGEST, text.length - 1); length >= 1; length--) {
    for (let end = text.length - 2; end >= length - 1; end--) {
      if (tree.full() || seen.size >= shape.topK) return tree.build();
      if (seen.has(end) || !endsAlike(text, end, length)) continue;
      seen.add(end);
      tree.add(continuation(text, end + 1, shape.depth + 1, barrier));
    }
  }
  return tree.build();
}

function endsAlike(text: readonly number[], end: number, length: number): boolean {
  for (let back = 0; back < length; back++) {
    if (text[end - back] !== text[text.length - 1 - back]) return false;
  }
  return true;
}

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

/** A tree that grows by whole paths; equal beginnings are stored once. */
function createTrie(root: number, { total, topK }: TreeShape) {
  const tokens = [root];
  const parents = [-1];
  const depths = [0];
  const children = new Map<string, number>();
  const width = new Map<number, number>();
  return {
    full: () => tokens.length >= total,
    add(path: readonly number[]) {
      let at = 0;
      for (const token of path) {
        const key = `${at}:${token}`;
        let child = children.get(key);
        if (child === undefined) {
          if (tokens.length >= total || (width.get(at) ?? 0) >= topK) return;
          child = tokens.length;
          tokens.push(token);
          parents.push(at);
          depths.push((depths[at] as number) + 1);
          children.set(key, child);
          width.set(at, (width.get(at) ?? 0) + 1);
        }
        at = child;
      }
    },
    build: (): DraftTree => ({
      tokens: Int32Array.from(tokens),
      parents: Int32Array.from(parents),
      depths: Int32Array.from(depths),
    }),
  };
}
