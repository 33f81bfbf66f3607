import type { Drafter, RecycledTokens } from '../../contracts/drafter.ts';

/** What the target held likely in all answers; while guesses are made for one that is to know nothing of others, in that one. */
export interface RecycledApart extends RecycledTokens {
  readonly ofAll: RecycledTokens;
  /** What is known before all answers. */
  readonly fresh: () => RecycledTokens;
  /** Runs with what `own` knows in place of the rest, until it has ended. */
  readonly within: <R>(own: RecycledTokens, run: () => R) => R;
}

/** Guesses are made for one pass after the other, so that one at a time knows nothing of the rest. */
export function createRecycledApart(fresh: () => RecycledTokens): RecycledApart {
  const shared = fresh();
  let now = shared;
  const back = () => {
    now = shared;
  };
  return {
    ofAll: shared,
    fresh,
    learn: shared.learn,
    after: (ending) => now.after(ending),
    forget: shared.forget,
    within(own, run) {
      now = own;
      let waits = false;
      try {
        const made = run();
        if (made instanceof Promise) {
          waits = true;
          void made.then(back, back);
        }
        return made;
      } finally {
        if (!waits) back();
      }
    },
  };
}

/** A drafter that guesses by what `own` knows; itself where that is all, so that jobs of many share its calls. */
export function drafterWithin(
  drafter: Drafter,
  recycled: RecycledApart,
  own: RecycledTokens,
): Drafter {
  if (!drafter.recycles || own === recycled.ofAll) return drafter;
  return { ...drafter, run: (jobs) => recycled.within(own, () => drafter.run(jobs)) };
}
