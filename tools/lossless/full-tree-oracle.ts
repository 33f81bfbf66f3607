import type { Drafter, DraftState, DraftTree, TreeShape } from '../../src/contracts/drafter.ts';
import { rootTree } from '../../src/decode/tree-shape.ts';

/**
 * A drafter that was told the texts: it lays the true continuation, up to a random depth, among wrong tokens, and fills
 * every tree to the brim. After a text that it was not told it proposes the root alone.
 *
 * @param texts prompts with their answers
 * @param random numbers in [0, 1)
 */
export function createFullTreeOracle(
  texts: readonly (readonly number[])[],
  vocabSize: number,
  random: () => number,
): Drafter {
  const read = new WeakMap<DraftState, number[]>(); // next token of every committed row
  return {
    name: 'msd',
    drafts: true,
    isNetwork: true,
    open() {
      const tokens: number[] = [];
      const state: DraftState = {
        get length() {
          return tokens.length;
        },
        truncate(to) {
          tokens.length = Math.min(to, tokens.length);
        },
        dispose() {},
      };
      read.set(state, tokens);
      return state;
    },
    async run(jobs) {
      return jobs.map(({ state, rows, grow }) => {
        const tokens = read.get(state) as number[];
        for (const { next } of rows) tokens.push(...next);
        if (grow === undefined) return null;
        const { root, shape } = grow;
        const text = texts.find((ids) => tokens.every((token, i) => ids[i + 1] === token));
        if (text === undefined || tokens.at(-1) !== root) return rootTree(root);
        return drawTree(root, text.slice(tokens.length + 1), vocabSize, shape, random);
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
  const told = Math.min(truth.length, below(Math.min(total, depth + 2)));
  const nodes = [{ token: root, parent: -1, depth: 0 }];
  const path = [0]; // nodes of the true text
  const add = (parent: number, token: number) => {
    nodes.push({ token, parent, depth: (nodes[parent]?.depth ?? 0) + 1 });
    return nodes.length - 1;
  };
  const addWrong = () => {
    const open = [...nodes.keys()].filter((node) => (nodes[node]?.depth ?? 0) <= depth);
    const parent = open[below(open.length)] as number;
    const right = truth[path.indexOf(parent)];
    for (;;) {
      // Half of the wrong ones are right elsewhere.
      const token = random() < 0.5 ? below(vocabSize) : (truth[below(told + 1)] ?? 0);
      if (!path.includes(parent) || token !== right) return add(parent, token);
      if (told === 0) return add(parent, (token + 1) % vocabSize);
    }
  };
  while (path.length <= told) {
    const spare = total - nodes.length - (told + 1 - path.length);
    for (let i = below(Math.min(4, spare + 1)); i > 0; i--) addWrong();
    path.push(add(path.at(-1) as number, truth[path.length - 1] as number));
  }
  while (nodes.length < total) addWrong();
  return {
    tokens: Int32Array.from(nodes, ({ token }) => token),
    parents: Int32Array.from(nodes, (node) => node.parent),
    depths: Int32Array.from(nodes, (node) => node.depth),
  };
}
