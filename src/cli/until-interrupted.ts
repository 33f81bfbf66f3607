import { createCancellation } from './cancellation.ts';

/**
 * Runs `work`, which stops soon after its signal aborts and leaves nothing behind. Ctrl-C aborts it and ends the verb with
 * exit code 130; a second one leaves at once.
 */
export async function untilInterrupted(
  tidy: () => void,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { signal, beGentle, release } = createCancellation(tidy);
  beGentle();
  try {
    await work(signal);
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    tidy();
    process.stderr.write('Stopped; nothing was written.\n');
  } finally {
    tidy();
    release();
  }
}
