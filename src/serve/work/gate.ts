import { ApiError } from '../api/api-error.ts';

/** Lets so many answers run at a time; others wait, first come, first served, and no more than so many. */
export interface Gate {
  readonly running: number;
  readonly waiting: number;
  /**
   * Asks for places for some answers at once, one promise each, which gives what leaves the place. A place whose signal
   * aborts first is given up.
   * @throws ApiError 429 where there would be too many waiting
   */
  enter(count: number, signal: AbortSignal): Promise<() => void>[];
  /** Those that wait, and those that come later, get this error. */
  close(error: Error): void;
}

interface Waiting {
  readonly admit: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * @param most that run
 * @param mostWaiting beyond them
 * @param retryAfter seconds after which a client that was sent away may come again
 */
export function createGate(most: number, mostWaiting: number, retryAfter: () => number): Gate {
  const line = new Set<Waiting>();
  let running = 0;
  let closed: Error | undefined;

  const leaveOnce = () => {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      running -= 1;
      const [next] = line;
      if (next === undefined || running >= most) return;
      line.delete(next);
      next.admit();
    };
  };
  const enterOne = (signal: AbortSignal) =>
    new Promise<() => void>((resolve, reject) => {
      const admit = () => {
        running += 1;
        signal.removeEventListener('abort', giveUp);
        resolve(leaveOnce());
      };
      const giveUp = () => {
        line.delete(waiting);
        reject(signal.reason);
      };
      const waiting: Waiting = { admit, reject };
      if (signal.aborted) return giveUp();
      if (running < most) return admit();
      line.add(waiting);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  return {
    get running() {
      return running;
    },
    get waiting() {
      return line.size;
    },
    enter(count, signal) {
      if (closed !== undefined) throw closed;
      const beyond = line.size + count - Math.max(0, most - running);
      if (beyond > mostWaiting) {
        const seconds = retryAfter();
        throw new ApiError(
          429,
          'queue_full',
          `${line.size} answers wait already, and at most ${mostWaiting} may; ask again in ${seconds} s.`,
          { retryAfter: seconds },
        );
      }
      return Array.from({ length: count }, () => enterOne(signal));
    },
    close(error) {
      closed = error;
      for (const { reject } of line) reject(error);
      line.clear();
    },
  };
}
