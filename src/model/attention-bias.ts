/**
 * Rows of one sequence within a pass: the cache columns that they all see, and their parents among themselves.
 */
export interface BiasBlock {
  /** First of the sequence's committed columns, and their number. */
  readonly pastStart: number;
  readonly pastLength: number;
  /** Earlier row of the block that each row follows, or -1. */
  readonly parents: Int32Array; // [rows]
}

/** What a hidden column adds to a score: nothing of it survives the softmax. */
const HIDDEN = -Infinity;

/**
 * Additive bias of a pass over the rows of all blocks, [n, capacity + n]: 0 where a row sees a column, -Infinity
 * elsewhere. A row sees its sequence's committed columns, its ancestors and itself. Parents precede their children,
 * so a row's view of the new columns is its parent's and one column more.
 *
 * @param capacity columns of the cache, which stand before those of the new rows
 */
export function attentionBias(blocks: readonly BiasBlock[], capacity: number): Float32Array {
  const n = blocks.reduce((sum, block) => sum + block.parents.length, 0);
  const width = capacity + n;
  const bias = new Float32Array(n * width).fill(HIDDEN);
  let first = 0;
  for (const { pastStart, pastLength, parents } of blocks) {
    for (let i = 0; i < parents.length; i++) {
      const row = (first + i) * width;
      const parent = parents[i] as number;
      bias.fill(0, row + pastStart, row + pastStart + pastLength);
      if (parent >= 0) {
        const above = (first + parent) * width + capacity + first;
        bias.copyWithin(row + capacity + first, above, above + parent + 1);
      }
      bias[row + capacity + first + i] = 0;
    }
    first += parents.length;
  }
  return bias;
}
