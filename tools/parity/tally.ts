/** Worst figure and count of a line as they grow, with notes on what differed. */
export interface Tally {
  readonly worst: number;
  readonly count: number;
  readonly notes: readonly string[];
  /** Adds a figure of which a large one is bad; NaN stays. */
  add(figure: number, count?: number): void;
  /** Counts one comparison, of so many things; `name` becomes a note if it failed. */
  equal(same: boolean, name: string, count?: number): void;
  note(text: string): void;
}

/** Notes beyond these are only counted. */
const SHOWN = 6;

export function createTally(): Tally {
  let worst = 0;
  let count = 0;
  const notes: string[] = [];
  return {
    get worst() {
      return worst;
    },
    get count() {
      return count;
    },
    get notes() {
      const more = notes.length - SHOWN;
      return more > 0 ? [...notes.slice(0, SHOWN), `and ${more} more`] : notes;
    },
    add(figure, more = 1) {
      worst = Math.max(worst, figure);
      count += more;
    },
    equal(same, name, more = 1) {
      count += more;
      if (same) return;
      worst += 1;
      notes.push(`${name} differs`);
    },
    note: (text) => notes.push(text),
  };
}

/** What a line takes of a tally. */
export function figures({ worst, count, notes }: Tally) {
  return { worst, count, notes };
}

export function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
