import type { GrammarState } from '../contracts/grammar.ts';
import { type JoinedTree, toldBy } from './join-trees.ts';
import { keepNodes } from './keep-nodes.ts';
import { openTree } from './open-tree.ts';

/** Tokens that spell what a text must go on with, behind so many tokens of a path. */
export type Spell = (forced: string, path: readonly number[]) => readonly number[];

/** How sure a forced text is to be spelled so. */
const SURE = 0.97;

/**
 * A proposed tree under a grammar: without the nodes that it forbids, and with what it forces behind those that it allows,
 * which costs no call.
 * @param start the state behind the root
 * @param most levels below the root
 */
export function grammarTree(
  tree: JoinedTree,
  start: GrammarState,
  spell: Spell,
  most: number,
): JoinedTree {
  const states: (GrammarState | null)[] = [start];
  for (let node = 1; node < tree.tokens.length; node += 1) {
    const above = states[tree.parents[node] as number] ?? null;
    states.push(above && !above.ended ? above.after(tree.tokens[node] as number) : null);
  }
  const kept = [...states.keys()].filter((node) => states[node] !== null);
  return withForced(
    keepNodes(tree, kept),
    kept.map((node) => states[node] as GrammarState),
    spell,
    most,
  );
}

/** @param states of the tree's nodes [n] */
function withForced(
  tree: JoinedTree,
  states: readonly GrammarState[],
  spell: Spell,
  most: number,
): JoinedTree {
  const open = openTree(tree, [toldBy(tree, 0), toldBy(tree, 1)]);
  let grown = false;
  for (const [node, state] of states.entries()) {
    let parent = node;
    for (const token of forcedTokens(state, spell, () => pathTo(tree, node))) {
      if (open.depthOf(parent) >= most) break;
      const place = open.child(parent, token);
      grown ||= place >= tree.tokens.length;
      open.tell(1, place, SURE);
      parent = place;
    }
  }
  return grown ? open.close() : tree;
}

/** What a state forces, the end token too. */
function forcedTokens(
  state: GrammarState,
  spell: Spell,
  path: () => readonly number[],
): readonly number[] {
  const forced = state.forced();
  const tokens = forced === '' ? [] : spell(forced, path());
  const behind = tokens.reduce<GrammarState | null>(
    (now, token) => now?.after(token) ?? null,
    state,
  );
  const end = behind?.onlyEnd ?? null;
  return end === null ? tokens : [...tokens, end];
}

function pathTo({ tokens, parents }: JoinedTree, node: number): number[] {
  const path: number[] = [];
  for (let at = node; at > 0; at = parents[at] as number) path.unshift(tokens[at] as number);
  return path;
}
