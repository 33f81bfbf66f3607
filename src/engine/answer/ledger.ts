import type { Timings } from '../../contracts/generate.ts';
import type { PassSize } from '../../decode/prices.ts';

/** What a request is at: all of `vision` counts as vision, target passes of `prefill` as prefill. */
type Phase = 'vision' | 'prefill' | 'decode';
/** What took the time: a session's runs, or everything else. */
export type Payee = 'tower' | 'target' | 'draft' | 'host';

interface UnitTimes {
  readonly targetMs: number;
  readonly draftMs: number;
  readonly hostMs: number;
}

/**
 * The time of one request: the passes that it took part in, in company or alone, its own host work, and the rest of
 * those passes as the host's. What others do in between is not counted.
 */
export interface Ledger {
  charge(payee: Payee, ms: number): void;
  /** The request took part in a pass of the target. */
  join(pass: PassSize): void;
  /** The newest of those; null before the first. */
  lastPass(): PassSize | null;
  /** The request's own code runs from `enter` to `leave`; that is the host's time. */
  enter(): void;
  leave(): void;
  /** Decoding begins with the first token. */
  begin(phase: Phase): void;
  /** What was charged outside of vision since the last lap. */
  lap(): UnitTimes;
  timings(): Timings;
}

export function createLedger(clock: () => number): Ledger {
  const started = clock();
  const sums = { vision: 0, prefill: 0, target: 0, draft: 0, host: 0 };
  let phase: Phase = 'vision';
  let entered: number | null = null;
  let firstToken: number | null = null;
  let newest: PassSize | null = null;
  const charge = (payee: Payee, ms: number) => {
    if (phase === 'vision' || payee === 'tower') sums.vision += ms;
    else if (payee === 'target' && phase === 'prefill') sums.prefill += ms;
    else sums[payee] += ms;
  };
  const settle = () => {
    if (entered === null) return;
    const now = clock();
    charge('host', now - entered);
    entered = now;
  };
  const spent = (): UnitTimes => {
    settle();
    const { prefill, target, draft, host } = sums;
    return { targetMs: prefill + target, draftMs: draft, hostMs: host };
  };
  let lapped = spent();
  return {
    charge,
    join(pass) {
      newest = pass;
    },
    lastPass: () => newest,
    enter() {
      entered = clock();
    },
    leave() {
      settle();
      entered = null;
    },
    begin(next) {
      settle();
      phase = next;
      if (next === 'decode') firstToken ??= clock() - started;
    },
    lap() {
      const before = lapped;
      lapped = spent();
      return between(before, lapped);
    },
    timings: () => ({ ...sums, total: clock() - started, firstToken }),
  };
}

/** What was spent between two moments. */
const between = (before: UnitTimes, after: UnitTimes): UnitTimes => ({
  targetMs: after.targetMs - before.targetMs,
  draftMs: after.draftMs - before.draftMs,
  hostMs: after.hostMs - before.hostMs,
});
