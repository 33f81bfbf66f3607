import { onInterrupt } from './interrupts.ts';

/**
 * Runs `work`, which stops within a moment after its signal aborts and takes back what it wrote. Ctrl-C aborts it, and
 * the verb ends with exit code 130. More of them change nothing: leaving at once would leave half a folder.
 */
export async function untilInterrupted(
  tidy: () => void,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const release = onInterrupt((exitCode) => {
    process.exitCode = exitCode;
    controller.abort();
  });
  try {
    await work(signal);
  } catch (error) {
    if (error !== signal.reason) throw error;
    tidy();
    process.stderr.write('Stopped; nothing was written.\n');
  } finally {
    tidy();
    release();
  }
}
