import type { DraftTree, TreeShape } from '../contracts/drafter.ts';

/** A node while a tree of guesses grows, and what its children are told by. */
export interface Guess<Known> {
  readonly token: number;
  readonly depth: number;
  /** Log of its chance. */
  readonly score: number;
  readonly known: Known;
}

/** A child: its chance where its parent is kept. */
export interface Follower<Known> {
  readonly token: number;
  readonly chance: number;
  readonly known: Known;
}

/** Nodes that are less likely than this are left out: no row is so cheap that they would pay. */
const UNLIKELY = Math.log(0.01);

/** The likeliest nodes below a root, best first; parents before their children, siblings the likelier first. */
export function growGuesses<Known>(
  root: { readonly token: number; readonly known: Known },
  { total, depth, topK }: TreeShape,
  followers: (node: Guess<Known>) => readonly Follower<Known>[],
): DraftTree {
  const kept: (Guess<Known> & { readonly parent: number })[] = [];
  const open = [{ ...root, depth: 0, score: 0, parent: -1 }];
  while (kept.length < total && open.length > 0) {
    let best = 0;
    for (let i = 1; i < open.length; i += 1) {
      if ((open[i]?.score as number) > (open[best]?.score as number)) best = i;
    }
    const [node] = open.splice(best, 1) as [(typeof open)[number]];
    const parent = kept.push(node) - 1;
    if (node.depth > depth) continue;
    const likeliest = [...followers(node)].sort((a, b) => b.chance - a.chance).slice(0, topK);
    for (const { token, chance, known } of likeliest) {
      const score = node.score + Math.log(chance);
      if (score > UNLIKELY) open.push({ token, known, depth: node.depth + 1, score, parent });
    }
  }
  return {
    tokens: Int32Array.from(kept, ({ token }) => token),
    parents: Int32Array.from(kept, ({ parent }) => parent),
    depths: Int32Array.from(kept, (node) => node.depth),
    scores: Float32Array.from(kept, ({ score }) => score),
  };
}
