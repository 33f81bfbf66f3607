import type { Candidates, Frontier } from '../decode/grow-tree.ts';
import { attentionBias } from '../model/attention-bias.ts';
import { consecutive } from '../model/consecutive.ts';
import type { KvCache } from '../model/kv-cache.ts';
import type { DraftNetwork } from './msd-network.ts';

/**
 * Draft passes over the levels of a growing tree, in order. Each row reads its token and the feature that its parent
 * predicts, where a committed row would read the target's; it sees the committed columns, its ancestors' and its own.
 * The rows of a level share one position. They are laid into the cache behind the committed columns; the caller
 * truncates them away.
 *
 * @param first rotary position of the first level's rows
 * @param newest feature that the newest committed row predicts: what the first level reads [H]
 * @param topK candidates per row
 */
export function createLevelExpansion(
  network: DraftNetwork,
  cache: KvCache,
  first: number,
  newest: Float32Array,
  topK: number,
): (frontier: Frontier) => Promise<Candidates> {
  const committed = cache.length;
  const width = newest.length;
  let predicted = newest; // [rows of the level above, H]
  let lines: number[][] = []; // tree columns that each row of the level above sees
  return async ({ tokens, parents, level }) => {
    const n = tokens.length;
    const positions = new Int32Array(n).fill(first + level);
    const ancestors = Array.from(parents, (parent) => lines[parent] ?? []);
    const features = { data: rowsOf(predicted, parents, width), count: n, width };
    const {
      hidden,
      candidates,
      cache: rows,
    } = await network.run(cache, {
      rows: { next: tokens, features },
      positions,
      sides: { height: positions, width: positions },
      bias: levelBias(ancestors, committed, cache.capacity),
      heads: consecutive(n),
      topK,
    });
    lines = ancestors.map((line, row) => [...line, cache.length + row]);
    cache.append(rows, consecutive(n));
    predicted = hidden.data;
    return candidates;
  };
}

/** A level's rows see the committed columns, their ancestors' among the tree's, and themselves. [n, capacity + n] */
function levelBias(
  ancestors: readonly (readonly number[])[],
  committed: number,
  capacity: number,
): Float32Array {
  const n = ancestors.length;
  const parents = new Int32Array(n).fill(-1);
  const bias = attentionBias([{ pastStart: 0, pastLength: committed, parents }], capacity);
  for (const [row, columns] of ancestors.entries()) {
    for (const column of columns) bias[row * (capacity + n) + column] = 0;
  }
  return bias;
}

/** The parents' rows of the level above; -1 is the newest committed row, alone above the first level. [n, H] */
function rowsOf(above: Float32Array, parents: Int32Array, width: number): Float32Array {
  const rows = new Float32Array(parents.length * width);
  for (let row = 0; row < parents.length; row++) {
    const from = Math.max(parents[row] as number, 0) * width;
    rows.set(above.subarray(from, from + width), row * width);
  }
  return rows;
}
