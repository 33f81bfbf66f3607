import { HubTransferError } from '../contracts/errors.ts';

/** A failure of the net that may pass. */
export class TryAgain extends Error {
  /** Without its query. */
  readonly url: string;
  /** Milliseconds that the server asks to wait. */
  readonly waitMs: number | undefined;
  /** @param problem as `sent nothing for 10 s` */
  constructor(url: string, problem: string, options: { cause?: unknown; waitMs?: number } = {}) {
    super(problem, { cause: options.cause });
    this.url = url;
    this.waitMs = options.waitMs;
  }
}

const TRIES = 5;
const FIRST_WAIT = 500; // ms, doubled each time
const LONGEST_WAIT = 120_000; // ms

export interface Retries {
  sleep(ms: number): Promise<void>;
  onRetry?: ((problem: string, waitMs: number) => void) | undefined;
  /** Whether something was gained since the last failure, so that patience begins anew. */
  gained?(): boolean;
}

/**
 * Runs `work` until it does not throw TryAgain, at most five times in a row without gain, with longer and longer breaks.
 * @throws HubTransferError in the end, and at once where the server asks for more than two minutes
 */
export async function withRetries<T>(work: () => Promise<T>, retries: Retries): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof TryAgain)) throw cause;
      failures = retries.gained?.() ? 1 : failures + 1;
      const wait = cause.waitMs ?? FIRST_WAIT * 2 ** (failures - 1);
      if (wait > LONGEST_WAIT) {
        const problem = `the server asks to wait ${Math.ceil(wait / 1000)} s; try again then.`;
        throw new HubTransferError(cause.url, problem, { cause });
      }
      if (failures >= TRIES) {
        const problem = `the server ${cause.message}, ${TRIES} times in a row; check the connection and try again, what was fetched stays.`;
        throw new HubTransferError(cause.url, problem, { cause });
      }
      retries.onRetry?.(`${cause.url} ${cause.message}`, wait);
      await retries.sleep(wait);
    }
  }
}
