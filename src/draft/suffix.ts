import type { Drafter, DraftState, DraftTree, TreeShape } from '../contracts/drafter.ts';
import { rootTree } from '../decode/tree-shape.ts';
import type { DrafterWithoutDraft } from './built-in-drafter.ts';
import { createSuffixIndex, type Match, type SuffixIndex } from './suffix-index.ts';

export const suffix = {
  name: 'suffix',
  how: 'repeats of earlier text, no draft needed',
  drafts: true,
  open: ({ imageTokenId }) => createSuffixDrafter(imageTokenId),
} as const satisfies DrafterWithoutDraft;

/** The same, by the name of the simpler one that it took the place of. */
export const promptLookup = {
  ...suffix,
  name: 'prompt-lookup',
  how: 'suffix, by another name',
  open: ({ imageTokenId }) => ({ ...createSuffixDrafter(imageTokenId), name: 'prompt-lookup' }),
} as const satisfies DrafterWithoutDraft;

/** Places that are counted, nearest first. */
const MOST_PLACES = 48;
/** A place that matches a token more counts for so many others. */
const PER_TOKEN = 3;
/** Tokens of a match beyond which a longer one counts no more. */
const LONG = 8;

/**
 * Drafts without a network, after SuffixDecoding (arXiv 2411.04975): where the text's last tokens stood before, in the
 * prompt, in the answer so far or in earlier turns, what followed them is counted, long matches for more. A node's chance
 * is its share of the counts above it, less what a match of that length leaves open; the tree grows best first.
 *
 * @param barrier placeholder id of pictures, if the model reads any: it ends a continuation and is never proposed
 */
export function createSuffixDrafter(barrier: number | undefined): Drafter {
  const texts = new WeakMap<DraftState, SuffixIndex>();
  return {
    name: suffix.name,
    drafts: true,
    isNetwork: false,
    open() {
      const text = createSuffixIndex();
      const state = stateOver(text);
      texts.set(state, text);
      return state;
    },
    async run(jobs) {
      return jobs.map(({ state, rows, grow }) => {
        const text = texts.get(state);
        if (text === undefined) throw new RangeError('The state is of another drafter.');
        for (const { next } of rows) for (const id of next) text.push(id);
        if (grow === undefined) return null;
        const { root, shape } = grow;
        return text.at(text.length - 1) === root
          ? growSuffixes(text, root, shape, barrier)
          : rootTree(root);
      });
    },
  };
}

function stateOver(text: SuffixIndex): DraftState {
  return {
    get length() {
      return text.length;
    },
    truncate: (to) => text.truncate(to),
    dispose: () => text.truncate(0),
  };
}

interface Node {
  readonly token: number;
  readonly parent: number;
  readonly depth: number;
  readonly score: number;
  /** Places that lead here; what follows at `next + depth` is a child. */
  readonly matches: readonly Match[];
}

/** The likeliest continuations, best first; parents before their children, siblings the likelier first. */
function growSuffixes(
  text: SuffixIndex,
  root: number,
  { total, depth, topK }: TreeShape,
  barrier: number | undefined,
): DraftTree {
  const kept: Node[] = [];
  let open: Node[] = [
    { token: root, parent: -1, depth: 0, score: 0, matches: text.matches(MOST_PLACES) },
  ];
  while (kept.length < total) {
    const best = open.reduce<Node | undefined>(
      (a, b) => (a !== undefined && a.score >= b.score ? a : b),
      undefined,
    );
    if (best === undefined) break;
    open = open.filter((node) => node !== best);
    const place = kept.push(best) - 1;
    if (best.depth <= depth) open.push(...childrenOf(best, place, text, barrier).slice(0, topK));
  }
  return {
    tokens: Int32Array.from(kept, ({ token }) => token),
    parents: Int32Array.from(kept, ({ parent }) => parent),
    depths: Int32Array.from(kept, ({ depth }) => depth),
    scores: Float32Array.from(kept, ({ score }) => score),
  };
}

function childrenOf(
  node: Node,
  place: number,
  text: SuffixIndex,
  barrier: number | undefined,
): Node[] {
  const byToken = new Map<number, Match[]>();
  for (const match of node.matches) {
    const token = text.at(match.next + node.depth);
    if (token === undefined || token === barrier) continue;
    const same = byToken.get(token);
    if (same === undefined) byToken.set(token, [match]);
    else same.push(match);
  }
  const all = weightOf(node.matches);
  const longest = Math.max(0, ...node.matches.map(({ length }) => length)) + node.depth;
  const trust = longest / (longest + 1);
  return [...byToken]
    .map(([token, matches]) => ({
      ...{ token, parent: place, depth: node.depth + 1, matches },
      score: node.score + Math.log((trust * weightOf(matches)) / all),
    }))
    .sort((a, b) => b.score - a.score);
}

const weightOf = (matches: readonly Match[]): number =>
  matches.reduce((sum, { length }) => sum + PER_TOKEN ** Math.min(length, LONG), 0);
