/** What ends a request early: an AbortSignal, or what says as much. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
}

/** One shared byte, not 0 once a request is cancelled: it is seen in the engine's thread while that thread is busy. */
export type CancelFlag = Uint8Array<SharedArrayBuffer>;

export const createCancelFlag = (): CancelFlag => new Uint8Array(new SharedArrayBuffer(1));

export const setCancelled = (flag: CancelFlag): void => {
  Atomics.store(flag, 0, 1);
};

export const isCancelled = (flag: CancelFlag): boolean => Atomics.load(flag, 0) !== 0;

/** The signal of a request that messages cancel, or its byte, where it came with one. */
export function signalWith(signal: AbortSignal, flag: CancelFlag | undefined): CancelSignal {
  if (flag === undefined) return signal;
  return {
    get aborted() {
      return signal.aborted || isCancelled(flag);
    },
    addEventListener: (type, listener) => signal.addEventListener(type, listener),
  };
}
