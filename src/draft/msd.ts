import type { Drafter, DraftRows, DraftState } from '../contracts/drafter.ts';
import { OptionError } from '../contracts/errors.ts';
import { type Candidates, growTree } from '../decode/grow-tree.ts';
import { rootTree } from '../decode/root-tree.ts';
import { attentionBias } from '../model/attention-bias.ts';
import { consecutive } from '../model/consecutive.ts';
import { createKvCache, type KvCache } from '../model/kv-cache.ts';
import { createLevelExpansion } from './expand-levels.ts';
import type { DraftNetwork } from './msd-network.ts';
import { createRowPositions, type RowPositions } from './row-positions.ts';

/** Most candidates per node that a tree may ask for. */
const MAX_TOP_K = 64;

/** What the draft says after its newest row. */
interface Newest {
  /** The target's next feature, as predicted. */
  readonly hidden: Float32Array; // [H]
  readonly candidates: Candidates; // [1, MAX_TOP_K]
}

/**
 * The trained draft as a drafter: `msd` or `eagle`, by the graph behind the network. Its cache holds one row per
 * committed target row, made of true target features; rows of a growing tree are laid behind them and forgotten.
 * A root that its table lacks, or one that no row announced since the last truncation, gets a tree of the root alone.
 *
 * @param grow how the tree is chosen; for comparisons with other rules
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
  const positions = createRowPositions(network.placing);
  const truncate = (to: number) => {
    const { length } = cache;
    cache.truncate(to);
    positions.truncate(to);
    if (to < length) newest = undefined;
  };
  return {
    get length() {
      return cache.length;
    },
    async extend(rows) {
      if (rows.next.length > 0) newest = await extend(network, cache, positions, rows);
    },
    async propose(root, shape) {
      const { topK } = shape;
      if (topK > MAX_TOP_K) {
        const problem = `asks for ${topK} candidates per node; at most ${MAX_TOP_K} work.`;
        throw new OptionError('tree', problem);
      }
      if (root >= vocabSize || newest === undefined) return rootTree(root);
      const committed = cache.length;
      try {
        const expand = createLevelExpansion(network, cache, positions.next, newest.hidden, topK);
        return await grow(root, narrowed(newest.candidates, topK), expand, shape);
      } finally {
        cache.truncate(committed);
      }
    },
    truncate,
    dispose: () => truncate(0),
  };
}

/** Reads rows behind the committed ones, each after the one before it. */
async function extend(
  network: DraftNetwork,
  cache: KvCache,
  positions: RowPositions,
  rows: DraftRows,
): Promise<Newest> {
  const n = rows.next.length;
  const chain = { pastStart: 0, pastLength: cache.length, parents: consecutive(n, -1) };
  const axes = positions.place(rows);
  const result = await network.run(cache, {
    rows,
    positions: axes.time,
    sides: axes,
    bias: attentionBias([chain], cache.capacity),
    heads: Int32Array.of(n - 1),
    topK: MAX_TOP_K,
  });
  cache.append(result.cache, consecutive(n));
  positions.keep(axes);
  const { data, width } = result.hidden;
  return { hidden: data.slice((n - 1) * width), candidates: result.candidates };
}

/** The first candidates of a single row. */
function narrowed({ tokens, logProbs, k }: Candidates, topK: number): Candidates {
  const kept = Math.min(k, topK);
  return {
    tokens: tokens.subarray(0, kept),
    logProbs: logProbs.subarray(0, kept),
    rows: 1,
    k: kept,
  };
}
