import type { Drafter, DraftState, DraftTree, TreeShape } from '../../src/contracts/drafter.ts';
import { rootTree } from '../../src/decode/tree-shape.ts';

/**
 * A drafter that was told the text: it lays the true continuation on a random branch of a random tree. Decoys are
 * random tokens or repeat the true ones, elsewhere, on the same path, and beside themselves. What it proposes after a
 * text other than the true one is the root alone.
 *
 * @param ids prompt and answer
 * @param random numbers in [0, 1)
 */
export function createOracle(
  ids: readonly number[],
  vocabSize: number,
  random: () => number,
): Drafter {
  const lengths = new WeakMap<DraftState, number>();
  const lengthOf = (state: DraftState) => lengths.get(state) ?? 0;
  return {
    name: 'msd',
    drafts: true,
    isNetwork: true,
    open() {
      const state: DraftState = {
        get length() {
          return lengthOf(state);
        },
        truncate: (to) => void lengths.set(state, to),
        dispose() {},
      };
      return state;
    },
    async run(jobs) {
      return jobs.map(({ state, rows, grow }) => {
        const length = rows.reduce((sum, { next }) => sum + next.length, lengthOf(state));
        lengths.set(state, length);
        if (grow === undefined) return null;
        const { root, shape } = grow;
        if (ids[length] !== root) return rootTree(root);
        return drawTree(root, ids.slice(length + 1), vocabSize, shape, random);
      });
    },
  };
}

function drawTree(
  root: number,
  truth: readonly number[],
  vocabSize: number,
  { total, depth }: TreeShape,
  random: () => number,
): DraftTree {
  const below = (n: number) => Math.floor(random() * n);
  const told = Math.min(truth.length, 1 + below(depth + 1), total - 1);
  const tokens = [root];
  const parents = [-1];
  const depths = [0];
  const add = (parent: number, token: number): number => {
    tokens.push(token);
    parents.push(parent);
    depths.push((depths[parent] as number) + 1);
    return tokens.length - 1;
  };
  const decoy = () => {
    const repeated = truth[below(told)];
    return random() < 0.5 && repeated !== undefined ? repeated : below(vocabSize);
  };
  /** Anywhere above the last level, but never a true token where the truth is still to come. */
  const addDecoy = (truePath: readonly number[]) => {
    const parent = below(tokens.length);
    if ((depths[parent] as number) > depth) return;
    const token = decoy();
    const place = truePath.indexOf(parent);
    const untold = place >= 0 && place === truePath.length - 1;
    if (!untold || token !== truth[place]) add(parent, token);
  };
  const path = [0];
  while (path.length <= told) {
    const missing = told - path.length + 1;
    const spare = total - tokens.length - missing;
    for (let i = below(Math.min(4, spare + 1)); i > 0; i -= 1) addDecoy(path);
    path.push(add(path.at(-1) as number, truth[path.length - 1] as number));
  }
  for (let i = total - tokens.length; i > 0; i -= 1) addDecoy([...path, -1]);
  return {
    tokens: Int32Array.from(tokens),
    parents: Int32Array.from(parents),
    depths: Int32Array.from(depths),
  };
}
