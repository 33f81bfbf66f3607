import type { Names } from '../../contracts/drafter.ts';
import type { Likely } from '../../contracts/target.ts';
import { blend, type Law, lawOf, type Seen } from '../../draft/recycle/law.ts';
import { endingOf, markedLikely } from '../../draft/recycle/named-text.ts';

/** Where nothing is named. */
const NONE: Names = { names: [], shown: false };

/** What followed the endings of texts. */
export interface EndingCounts {
  /**
   * Rows of `likely` are what followed the tokens at `places` of a text, ascending; answers are runs of them.
   * @param named what each answer may name
   */
  add(text: Int32Array, places: Iterable<number>, likely: Likely, named?: readonly Names[]): void;
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
 * @param mark stands for names
 * @param most endings that are held; where there are more, those that were seen once so far go
 */
export function countEndings(mark = -1, most = MOST): EndingCounts {
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
    add(text, places, likely, named = []) {
      let [row, answer] = [0, -1];
      let [begin, last] = [0, -2]; // of the answer
      let [own, marked] = [NONE, likely];
      for (const place of places) {
        if (place !== last + 1) {
          begin = place;
          answer += 1;
          own = named[answer] ?? NONE;
          marked = markedLikely(likely, own.names, mark);
        }
        last = place;
        const law = lawOf(marked, row);
        const written = place + 1 - begin;
        const ending = endingOf(text.subarray(0, place + 1), { ...own, written }, mark);
        for (let length = 1; length <= ending.length; length++) count(ending.slice(-length), law);
        row += 1;
      }
      if (all.size <= most) return;
      for (const [key, { times }] of all) if (times === 1) all.delete(key);
    },
  };
}
