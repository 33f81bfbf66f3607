import type { DraftTree } from '../contracts/drafter.ts';
import { onAllAxes } from '../decode/draft-rows.ts';
import type { Candidates, Frontier } from '../decode/grow-tree.ts';
import type { CachedText } from '../model/block-cache.ts';
import { consecutive } from '../model/consecutive.ts';
import type { DraftLane, DraftLaneResult, DraftNetwork } from './msd-network.ts';
import { addPending, NO_PENDING, type PendingRows, pendingColumns } from './pending-rows.ts';

/** A tree that is to grow, and what its first level needs. */
export interface GrowingTree {
  readonly text: CachedText;
  /** Yields the nodes of each level and takes their candidates. */
  readonly growth: Generator<Frontier, DraftTree, Candidates>;
  /** Rotary position of the first level's rows. */
  readonly position: number;
  /** The feature that the newest committed row predicts: what the first level reads [H] */
  readonly newest: Float32Array;
  /** Candidates per row. */
  readonly topK: number;
}

/** What the levels so far left behind. */
interface Level {
  readonly frontier: Frontier;
  /** Features that the level above predicts [rows, H] */
  readonly predicted: Float32Array;
  /** Pending rows that each row of the level above sees, its own last. */
  readonly lines: readonly (readonly number[])[];
  readonly pending: PendingRows;
}

/**
 * Grows trees of several texts, the levels of all of them in one draft pass each; but wide ones go apart from narrow
 * ones, since products over columns that lie elsewhere may add in another order. A row reads its token and the feature
 * that its parent predicts, where a committed row would read the target's; it sees the committed columns, its
 * ancestors' and its own. The rows of a level share one position. Nothing of it enters the cache.
 *
 * @returns the trees, in order
 */
export async function expandLevels(
  network: DraftNetwork,
  trees: readonly GrowingTree[],
): Promise<DraftTree[]> {
  const done: DraftTree[] = [];
  const levels = new Map<number, Level>();
  const advance = (at: number, above: Omit<Level, 'frontier'>, candidates?: Candidates) => {
    const { growth } = trees[at] as GrowingTree;
    const next = candidates === undefined ? growth.next() : growth.next(candidates);
    if (next.done) {
      done[at] = next.value;
      levels.delete(at);
    } else levels.set(at, { ...above, frontier: next.value });
  };
  for (const [at, { newest }] of trees.entries()) {
    advance(at, { predicted: newest, lines: [], pending: NO_PENDING });
  }
  const passOver = async (running: readonly (readonly [number, Level])[]) => {
    const lanes = running.map(([at, level]) => levelLane(trees[at] as GrowingTree, level));
    const topK = Math.max(...running.map(([at]) => (trees[at] as GrowingTree).topK));
    const results = await network.run(lanes, topK);
    for (const [i, [at, level]] of running.entries()) {
      const { hidden, candidates, columns, first } = results[i] as DraftLaneResult;
      const { rows, sees } = lanes[i]?.pending ?? { rows: NO_PENDING, sees: [] };
      const n = level.frontier.tokens.length;
      const above = {
        predicted: hidden.data,
        lines: sees.map((line, row) => [...line, rows.count + row]),
        pending: addPending(rows, columns, first, n),
      };
      advance(at, above, candidates);
    }
  };
  while (levels.size > 0) {
    for (const running of alike([...levels])) await passOver(running);
  }
  return done;
}

/** Those whose earlier rows take the same columns. */
function alike(running: readonly (readonly [number, Level])[]) {
  const groups = new Map<number, (readonly [number, Level])[]>();
  for (const one of running) {
    const columns = pendingColumns([one[1].pending]);
    groups.set(columns, [...(groups.get(columns) ?? []), one]);
  }
  return groups.values();
}

function levelLane(
  { text, position, newest }: GrowingTree,
  { frontier: { tokens, parents, level }, predicted, lines, pending }: Level,
): DraftLane {
  const n = tokens.length;
  const width = newest.length;
  return {
    text,
    next: tokens,
    features: { data: rowsOf(predicted, parents, width), count: n, width },
    positions: onAllAxes(new Int32Array(n).fill(position + level)),
    parents: new Int32Array(n).fill(-1),
    pending: { rows: pending, sees: Array.from(parents, (parent) => lines[parent] ?? []) },
    heads: consecutive(n),
  };
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
