import type { Timings } from '../../contracts/generate.ts';
import type { Meter } from './meter.ts';

interface UnitTimes {
  readonly targetMs: number;
  readonly draftMs: number;
  readonly hostMs: number;
}

/**
 * The time of one request, unit by unit: what its sessions took, and the rest as the host's. Units of other requests
 * that run in between are not counted.
 */
export interface Ledger {
  /** Times a unit of work. Of a `vision` unit all is vision; target passes of a `prefill` unit count as prefill. */
  time<T>(
    kind: 'vision' | 'prefill' | 'decode',
    work: () => Promise<T>,
  ): Promise<{ value: T } & UnitTimes>;
  timings(): Timings;
}

export function createLedger(meter: Readonly<Meter>, clock: () => number): Ledger {
  const started = clock();
  const sums = { vision: 0, prefill: 0, target: 0, draft: 0, host: 0 };
  return {
    async time(kind, work) {
      const before = { ...meter };
      const start = clock();
      const value = await work();
      const wall = clock() - start;
      const targetMs = meter.target - before.target;
      const draftMs = meter.draft - before.draft;
      const hostMs = Math.max(0, wall - targetMs - draftMs);
      if (kind === 'vision') sums.vision += wall;
      else {
        sums[kind === 'prefill' ? 'prefill' : 'target'] += targetMs;
        sums.draft += draftMs;
        sums.host += hostMs;
      }
      return { value, targetMs, draftMs, hostMs };
    },
    timings: () => ({ ...sums, total: clock() - started }),
  };
}
