import type { Drafter, DraftRows, DraftState } from '../contracts/drafter.ts';
import { OptionError } from '../contracts/errors.ts';
import { type Candidates, type Frontier, growTree } from '../decode/grow-tree.ts';
import { rootTree } from '../decode/root-tree.ts';
import { attentionBias } from '../model/attention-bias.ts';
import { createKvCache, type KvCache } from '../model/kv-cache.ts';
import type { DraftNetwork } from './msd-network.ts';

/** Most candidates per node that a tree may ask for. */
const MAX_TOP_K = 64;

/** What the draft says after its newest row: the feature that it predicts, and the likely tokens. */
interface Newest {
  readonly hidden: Float32Array; // [H]
  readonly candidates: Candidates; // one row
}

/**
 * The trained draft as a drafter: `msd` or `eagle`, by the graph behind the network. Its cache holds one row per
 * committed target row, made of true target features; rows of a growing tree are laid behind them and forgotten.
 */
export function createMsdDrafter(
  name: 'msd' | 'eagle',
  network: DraftNetwork,
  grow: typeof growTree = growTree,
): Drafter {
  return { name, open: () => openState(network, grow) };
}

function openState(network: DraftNetwork, grow: typeof growTree): DraftState {
  const { kvHeads, headDim, vocabSize } = network.config;
  const cache = createKvCache({ layers: 1, kvHeads, headDim });
  let newest: Newest | undefined;
  return {
    get length() {
      return cache.length;
    },
    async extend(rows) {
      if (rows.next.length > 0) newest = await extend(network, cache, rows);
    },
    async propose(root, shape) {
      if (shape.topK > MAX_TOP_K) {
        throw new OptionError(
          'tree',
          `asks for ${shape.topK} candidates per node; at most ${MAX_TOP_K} work.`,
        );
      }
      if (root >= vocabSize || newest === undefined) return rootTree(root);
      const stable = cache.length;
      try {
        const expand = createExpansion(network, cache, newest, shape.topK);
        return await grow(root, narrowed(newest.candidates, shape.topK), expand, shape);
      } finally {
        cache.truncate(stable);
      }
    },
    truncate(length) {
      if (length < cache.length) newest = undefined;
      cache.truncate(length);
    },
    dispose() {
      cache.truncate(0);
      newest = undefined;
    },
  };
}

async function extend(network: DraftNetwork, cache: KvCache, rows: DraftRows): Promise<Newest> {
  const n = rows.next.length;
  const first = cache.length;
  const parents = Int32Array.from({ length: n }, (_, i) => i - 1);
  const result = await network.run(cache, {
    rows,
    positions: Int32Array.from({ length: n }, (_, i) => first + i),
    bias: attentionBias([{ pastStart: 0, pastLength: first, parents }], cache.capacity),
    heads: Int32Array.of(n - 1),
    topK: MAX_TOP_K,
  });
  cache.append(result.cache, iota(n));
  const { data, width } = result.hidden;
  return { hidden: data.slice((n - 1) * width), candidates: result.candidates };
}

/** Draft passes over the levels of a growing tree: each row reads its token and its parent's predicted feature. */
function createExpansion(network: DraftNetwork, cache: KvCache, newest: Newest, topK: number) {
  const stable = cache.length;
  const width = newest.hidden.length;
  let hidden = newest.hidden; // [rows of the level above, H]
  let lineage: number[][] = []; // columns, counted from `stable`, that each row of the level above sees
  return async ({ tokens, parents, level }: Frontier): Promise<Candidates> => {
    const n = tokens.length;
    const above = cache.length - stable - lineage.length;
    const ancestors = Array.from(parents, (parent) =>
      parent < 0 ? [] : [...(lineage[parent] as number[]), above + parent],
    );
    const result = await network.run(cache, {
      rows: {
        next: tokens,
        features: { data: featuresOf(hidden, parents, width), count: n, width },
      },
      positions: new Int32Array(n).fill(stable + level),
      bias: levelBias(ancestors, stable, cache.capacity),
      heads: iota(n),
      topK,
    });
    cache.append(result.cache, iota(n));
    hidden = result.hidden.data;
    lineage = ancestors;
    return result.candidates;
  };
}

/** Row i sees the committed columns, its ancestors among the tree's earlier rows, and itself. */
function levelBias(ancestors: readonly number[][], stable: number, capacity: number): Float32Array {
  const n = ancestors.length;
  const parents = new Int32Array(n).fill(-1);
  const bias = attentionBias([{ pastStart: 0, pastLength: stable, parents }], capacity);
  for (const [row, columns] of ancestors.entries()) {
    for (const column of columns) bias[row * (capacity + n) + stable + column] = 0;
  }
  return bias;
}

function featuresOf(hidden: Float32Array, parents: Int32Array, width: number): Float32Array {
  const features = new Float32Array(parents.length * width);
  for (let row = 0; row < parents.length; row++) {
    const from = Math.max(parents[row] as number, 0) * width; // the first level follows the newest row
    features.set(hidden.subarray(from, from + width), row * width);
  }
  return features;
}

/** The first k candidates of a single row. */
function narrowed({ tokens, logProbs, k }: Candidates, topK: number): Candidates {
  const kept = Math.min(k, topK);
  return {
    tokens: tokens.subarray(0, kept),
    logProbs: logProbs.subarray(0, kept),
    rows: 1,
    k: kept,
  };
}

const iota = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);
