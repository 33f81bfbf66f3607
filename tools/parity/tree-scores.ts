/** Scores of all candidates that a tree was chosen from, to tell a tie from a difference. */
import type { DraftTree } from '../../src/contracts/drafter.ts';
import { type Candidates, growTree } from '../../src/decode/grow-tree.ts';

export interface ScoredGrowth {
  readonly grow: typeof growTree;
  /** Score of each candidate of the newest tree by its path of tokens, in float32 as the draft's code sums it. */
  readonly scores: ReadonlyMap<string, number>;
}

export function createScoredGrowth(grow: typeof growTree = growTree): ScoredGrowth {
  const scores = new Map<string, number>();
  return {
    scores,
    *grow(root, first, shape) {
      scores.clear();
      const note = (candidates: Candidates, row: number, path: string, score: number) => {
        const k = Math.min(candidates.k, shape.topK);
        for (let i = row * candidates.k; i < row * candidates.k + k; i += 1) {
          const sum = Math.fround(score + (candidates.logProbs[i] as number));
          scores.set(`${path}/${candidates.tokens[i]}`, sum);
        }
      };
      note(first, 0, '', 0);
      let above: string[] = [];
      const growth = grow(root, first, shape);
      let level = growth.next();
      while (!level.done) {
        const { tokens, parents } = level.value;
        above = Array.from(tokens, (token, row) => {
          const parent = parents[row] as number;
          return `${parent < 0 ? '' : above[parent]}/${token}`;
        });
        const candidates = yield level.value;
        for (const [row, path] of above.entries())
          note(candidates, row, path, scores.get(path) as number);
        level = growth.next(candidates);
      }
      return level.value;
    },
  };
}

type Nodes = { readonly tokens: ArrayLike<number>; readonly parents: ArrayLike<number> };

/**
 * Whether each node that only one of the trees has scores exactly what the worst kept node does. A recorded node may
 * hang from a wrong parent, so it is known by its token alone.
 */
export function differsOnlyAtCut(
  own: DraftTree,
  golden: Nodes,
  ownGrowth: ScoredGrowth,
  goldenGrowth: ScoredGrowth,
): boolean {
  const ownPaths = paths(own);
  const goldenPaths = paths(golden);
  if (ownPaths.length !== goldenPaths.length) return false;
  const scoreOf = (path: string) => ownGrowth.scores.get(path);
  const cut = Math.min(...ownPaths.map((path) => scoreOf(path) ?? Number.NaN));
  const ownSet = new Set(ownPaths);
  const goldenSet = new Set(goldenPaths);
  const tied = new Set(
    [...goldenGrowth.scores].filter(([, score]) => score === cut).map(([path]) => lastToken(path)),
  );
  return (
    ownPaths.every((path) => goldenSet.has(path) || scoreOf(path) === cut) &&
    goldenPaths.every((path) => ownSet.has(path) || tied.has(lastToken(path)))
  );
}

const lastToken = (path: string) => path.slice(path.lastIndexOf('/'));

/** Tokens from below the root to each drafted node. */
function paths({ tokens, parents }: Nodes): string[] {
  const all = [''];
  for (let node = 1; node < tokens.length; node += 1)
    all.push(`${all[parents[node] as number]}/${tokens[node]}`);
  return all.slice(1);
}
