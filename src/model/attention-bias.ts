/** Rows of one sequence within a pass: the cache columns that they all see, and their parents among themselves. */
export interface BiasBlock {
  /** First and number of the sequence's committed columns. */
  readonly pastStart: number;
  readonly pastLength: number;
  readonly parents: Int32Array; // [rows], index within the block, or -1
}

/** What a hidden column adds to a score: nothing of it survives the softmax. */
export const HIDDEN = -Infinity;

/**
 * Additive bias of a pass, [n, capacity + n]: a row sees its sequence's committed columns, its ancestors and
 * itself. Parents precede their children, so a row's view is its parent's and one column more.
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
