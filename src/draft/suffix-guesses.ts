import type { DraftTree, Growth, TextGuesses } from '../contracts/drafter.ts';
import { rootTree } from '../decode/tree-shape.ts';
import { createSuffixIndex, type Match, type SuffixIndex } from './suffix-index.ts';

/** Places that are counted, nearest first. */
const MOST_PLACES = 48;
/** A place that matches a token more counts for so many others. */
const PER_TOKEN = 3;
/** Tokens of a match beyond which a longer one counts no more. */
const LONG = 8;

/**
 * Guesses without a network, after SuffixDecoding (arXiv 2411.04975): where the text's last tokens stood before, in the
 * prompt, in the answer so far, in earlier turns or in what the request foretells, what followed them is counted, long
 * matches for more. A node's chance is its share of the counts above it, less what a match of that length leaves open;
 * the tree grows best first.
 *
 * @param barrier placeholder id of pictures, if the model reads any: it ends a continuation and is never proposed
 */
export function createSuffixGuesses(barrier: number | undefined): TextGuesses {
  const text = createSuffixIndex();
  const foretold = new WeakMap<Int32Array, SuffixIndex>();
  const indexOf = (prediction: Int32Array): SuffixIndex => {
    const index = foretold.get(prediction) ?? createSuffixIndex();
    if (index.length === 0) for (const id of prediction) index.push(id);
    foretold.set(prediction, index);
    return index;
  };
  return {
    get length() {
      return text.length;
    },
    push: text.push,
    truncate: text.truncate,
    grow({ root, shape, prediction }) {
      if (text.at(text.length - 1) !== root) return rootTree(root);
      const own = within(text, text.matches(MOST_PLACES));
      if (prediction === undefined) return growSuffixes(own, { root, shape }, barrier);
      const index = indexOf(prediction);
      const all = [...own, ...within(index, index.matchesOf(text, MOST_PLACES))];
      const pairs = all.filter(({ length }) => length > 1);
      return growSuffixes(pairs.length > 0 ? pairs : all, { root, shape }, barrier);
    },
  };
}

/** A match, and the text that goes on from there. */
interface Place extends Match {
  readonly text: SuffixIndex;
}

const within = (text: SuffixIndex, matches: readonly Match[]): Place[] =>
  matches.map((match) => ({ ...match, text }));

interface Node {
  readonly token: number;
  readonly parent: number;
  readonly depth: number;
  readonly score: number;
  /** Places that lead here; what follows at `next + depth` is a child. */
  readonly matches: readonly Place[];
}

/** The likeliest continuations, best first; parents before their children, siblings the likelier first. */
function growSuffixes(
  matches: readonly Place[],
  { root, shape: { total, depth, topK } }: Growth,
  barrier: number | undefined,
): DraftTree {
  const kept: Node[] = [];
  let open: Node[] = [{ token: root, parent: -1, depth: 0, score: 0, matches }];
  while (kept.length < total) {
    const best = open.reduce<Node | undefined>(
      (a, b) => (a !== undefined && a.score >= b.score ? a : b),
      undefined,
    );
    if (best === undefined) break;
    open = open.filter((node) => node !== best);
    const place = kept.push(best) - 1;
    if (best.depth <= depth) open.push(...childrenOf(best, place, barrier).slice(0, topK));
  }
  return {
    tokens: Int32Array.from(kept, ({ token }) => token),
    parents: Int32Array.from(kept, ({ parent }) => parent),
    depths: Int32Array.from(kept, ({ depth }) => depth),
    scores: Float32Array.from(kept, ({ score }) => score),
  };
}

function childrenOf(node: Node, place: number, barrier: number | undefined): Node[] {
  const byToken = new Map<number, Place[]>();
  for (const match of node.matches) {
    const token = match.text.at(match.next + node.depth);
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
