import type { Likely } from '../../contracts/target.ts';
import { blend, type Law, LONGEST, lawOf, type Seen } from '../../draft/recycle/law.ts';

/** What followed the endings of texts. */
export interface EndingCounts {
  /** Rows of `likely` are what followed the tokens at `places` of a text. */
  add(text: Int32Array, places: Iterable<number>, likely: Likely): void;
  readonly all: ReadonlyMap<string, CountedEnding>;
}

export interface CountedEnding extends Seen {
  readonly ending: readonly number[];
}

/** Tokens that are remembered of a law while it is counted: more than are kept in the end. */
const WIDE = 16;
/** Some 300 MB. */
const MOST = 600_000;

/**
 * Counts by one, two and three tokens.
 * @param most endings that are held; where there are more, those that were seen once so far go
 */
export function countEndings(most = MOST): EndingCounts {
  const all = new Map<string, CountedEnding>();
  const count = (ending: readonly number[], law: Law) => {
    const key = ending.join();
    const before = all.get(key);
    const times = (before?.times ?? 0) + 1;
    const joined = before === undefined ? law : blend(law, before.law, 1 / times).slice(0, WIDE);
    all.set(key, { ending, times, law: joined });
  };
  return {
    all,
    add(text, places, likely) {
      let row = 0;
      for (const place of places) {
        const law = lawOf(likely, row);
        for (let length = 1; length <= Math.min(LONGEST, place + 1); length++) {
          count([...text.subarray(place + 1 - length, place + 1)], law);
        }
        row += 1;
      }
      if (all.size <= most) return;
      for (const [key, { times }] of all) if (times === 1) all.delete(key);
    },
  };
}
