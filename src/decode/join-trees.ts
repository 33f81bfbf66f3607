import type { DraftTree } from '../contracts/drafter.ts';
import { toldChances } from './calibration.ts';

/** A tree that is verified as one, and who guessed what of it: the draft, and whoever guesses beside it. */
export interface JoinedTree extends DraftTree {
  /** By source: the chance of each node, its parent kept, by its own word; 0 where it does not propose it. */
  readonly told?: readonly Float64Array[]; // of [n]
}

/** The chances that a source tells of a tree's nodes; a tree that was not joined is the first source's alone. */
export const toldBy = (tree: JoinedTree, source: number): Float64Array =>
  tree.told?.[source] ?? (source === 0 ? toldChances(tree) : new Float64Array(tree.tokens.length));

/** One tree of two below the same root; paths that both propose are there once. The draft's nodes stand first. */
export function joinTrees(draft: DraftTree, beside: DraftTree): JoinedTree {
  const tokens = [...draft.tokens];
  const parents = [...draft.parents];
  const depths = [...draft.depths];
  const places = new Map(tokens.map((token, node) => [`${parents[node]} ${token}`, node]));
  const besideTold = toldChances(beside);
  const told: [number[], number[]] = [[...toldChances(draft)], tokens.map(() => 0)];
  const placeOf = new Int32Array(beside.tokens.length);
  for (let node = 1; node < beside.tokens.length; node += 1) {
    const parent = placeOf[beside.parents[node] as number] as number;
    const token = beside.tokens[node] as number;
    const path = `${parent} ${token}`;
    let place = places.get(path);
    if (place === undefined) {
      place = tokens.push(token) - 1;
      places.set(path, place);
      parents.push(parent);
      depths.push(beside.depths[node] as number);
      told[0].push(0);
    }
    told[1][place] = besideTold[node] as number;
    placeOf[node] = place;
  }
  const scores = new Float32Array(tokens.length); // of the surer of both
  for (let node = 1; node < tokens.length; node += 1) {
    const chance = Math.max(told[0][node] ?? 0, told[1][node] ?? 0);
    scores[node] = (scores[parents[node] as number] as number) + Math.log(chance);
  }
  return {
    scores,
    tokens: Int32Array.from(tokens),
    parents: Int32Array.from(parents),
    depths: Int32Array.from(depths),
    told: told.map((chances) => Float64Array.from(tokens, (_, node) => chances[node] ?? 0)),
  };
}
