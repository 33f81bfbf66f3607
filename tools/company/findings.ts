/** What was compared, and what differed. */
export interface Findings {
  readonly counts: { rows: number; logits: number; trees: number; differing: number };
  /** The first differences, in words. */
  readonly notes: readonly string[];
  row(same: boolean, what: string): void;
  logits(same: boolean, what: string): void;
  tree(same: boolean, what: string): void;
}

const SHOWN = 5;

export function createFindings(): Findings {
  const counts = { rows: 0, logits: 0, trees: 0, differing: 0 };
  const notes: string[] = [];
  const count = (kind: 'rows' | 'logits' | 'trees') => (same: boolean, what: string) => {
    counts[kind] += 1;
    if (same) return;
    counts.differing += 1;
    if (notes.length < SHOWN) notes.push(what);
  };
  return { counts, notes, row: count('rows'), logits: count('logits'), tree: count('trees') };
}
