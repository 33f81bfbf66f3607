import { onInterrupt } from './interrupts.ts';

/** How Ctrl-C or a termination signal ends a verb. */
export interface Cancellation {
  readonly signal: AbortSignal;
  /** From now on an interrupt aborts the signal, so that what there is can still be printed; a second one leaves. */
  readonly beGentle: () => void;
  readonly release: () => void;
}

/** At first an interrupt leaves at once, after `tidy`. */
export function createCancellation(tidy: () => void): Cancellation {
  const controller = new AbortController();
  const { signal } = controller;
  let gentle = false;
  const release = onInterrupt((exitCode) => {
    tidy();
    if (!gentle || signal.aborted) process.exit(exitCode);
    process.exitCode = exitCode;
    controller.abort();
  });
  const beGentle = () => {
    gentle = true;
  };
  return { signal, beGentle, release };
}
