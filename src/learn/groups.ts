/**
 * Mixed lengths by buckets: a batch is cut into groups of like length, each padded to its longest and run on its own,
 * so that little is computed for padding.
 */
export interface Group {
  /** Indices into the batch. */
  readonly members: readonly number[];
  /** Rows of each member, padding included. */
  readonly length: number;
}

/** What one more run of the graph costs, in rows. */
const RUN_COST = 64;

/**
 * The cheapest cut of a batch into groups, counting every padded row and `RUN_COST` per group.
 *
 * @param lengths rows of each dialogue
 * @param maxRows most padded rows of a group, unless a single dialogue is longer
 */
export function groupByLength(lengths: readonly number[], maxRows: number): Group[] {
  const order = lengths.map((_, index) => index).sort((a, b) => lengthAt(a) - lengthAt(b) || a - b);
  function lengthAt(index: number): number {
    return lengths[index] as number;
  }
  // best[i]: the cheapest way to group the i shortest, and where its last group begins.
  const best = [{ cost: 0, start: 0 }];
  for (let end = 1; end <= order.length; end++) {
    const longest = lengthAt(order[end - 1] as number);
    let choice = { cost: Number.POSITIVE_INFINITY, start: end - 1 };
    for (let start = end - 1; start >= 0; start--) {
      const rows = (end - start) * longest;
      if (rows > maxRows && start < end - 1) break;
      const cost = (best[start]?.cost ?? 0) + rows + RUN_COST;
      if (cost < choice.cost) choice = { cost, start };
    }
    best.push(choice);
  }
  const groups: Group[] = [];
  for (let end = order.length; end > 0; ) {
    const { start } = best[end] as { start: number };
    const members = order.slice(start, end);
    groups.push({ members, length: lengthAt(members.at(-1) as number) });
    end = start;
  }
  return groups.reverse();
}
