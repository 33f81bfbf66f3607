/** Ctrl-Z where keys are read raw: the process has to stop itself, and be told when it goes on. */

/** A time that the process was stopped for, in milliseconds of the clock. */
export interface Stop {
  readonly at: number;
  readonly ms: number;
}

/** Who stops and who tells that it goes on: the process itself, but in tests. */
export interface Stoppable {
  kill(pid: number, signal: 'SIGTSTP'): unknown;
  once(signal: 'SIGCONT', listener: () => void): unknown;
  off(signal: 'SIGCONT', listener: () => void): unknown;
}

/** Where nobody could bring it to the front again, the system does not stop it. */
const NOT_STOPPED = 200; // ms

export function createSuspension(clock: () => number, stoppable: Stoppable = process) {
  const stops: Stop[] = [];
  return {
    /** Stops the program with all that was started for it, as a shell does, and calls `resumed` when it goes on. */
    suspend(resumed: () => void): void {
      const at = clock();
      const resume = () => {
        clearTimeout(timer);
        stoppable.off('SIGCONT', resume);
        stops.push({ at, ms: clock() - at });
        resumed();
      };
      const timer = setTimeout(resume, NOT_STOPPED);
      stoppable.once('SIGCONT', resume);
      stoppable.kill(0, 'SIGTSTP');
    },
    /** The stops since a time, which they are counted from. */
    since: (from: number): Stop[] =>
      stops.filter(({ at }) => at >= from).map(({ at, ms }) => ({ at: at - from, ms })),
  };
}
