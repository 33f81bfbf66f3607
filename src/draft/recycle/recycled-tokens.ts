import type { RecycledTokens } from '../../contracts/drafter.ts';
import { blend, LONGEST, lawAfter, lawOf, type Seen, WIDTH } from './law.ts';
import type { RecycledTable } from './recycled-table.ts';

/** Some forty megabytes at most. */
const MOST = 65_536;
/** What is seen now counts for so many of what a table was made from, or was seen before. */
const NEWS = 3;
/** More than that nothing counts that was seen before: texts change. */
const MOST_TIMES = 50;

/**
 * Token Recycling (arXiv 2408.08696): every pass tells the target's likeliest tokens anyway, so no draft is trained or
 * called, and each text may make the next one quicker. Here by the last three tokens, two and one, averaged over the
 * times that they were seen.
 *
 * @param table what was seen before all answers. Default: nothing
 * @param most endings that are kept beside it, the latest
 */
export function createRecycledTokens(
  table: Pick<RecycledTable, 'find'> | null = null,
  most = MOST,
): RecycledTokens {
  const seen = new Map<string, Seen>(); // what was learnt last stands last
  const find = (ending: readonly number[]) => seen.get(ending.join()) ?? table?.find(ending);
  return {
    learn(ending, likely, row) {
      const news = lawOf(likely, row);
      for (let length = 1; length <= Math.min(LONGEST, ending.length); length += 1) {
        const last = ending.slice(-length);
        const before = find(last);
        const key = last.join();
        seen.delete(key);
        seen.set(key, before === undefined ? { times: NEWS, law: news } : joined(before, news));
        if (seen.size > most) seen.delete(seen.keys().next().value as string);
      }
    },
    after: (ending) => lawAfter(ending, find),
    forget: () => seen.clear(),
  };
}

function joined({ times, law }: Seen, news: Seen['law']): Seen {
  const all = Math.min(times, MOST_TIMES) + NEWS;
  return { times: all, law: blend(news, law, NEWS / all).slice(0, WIDTH) };
}
