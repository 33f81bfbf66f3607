/** One shared byte, not 0 once a request is cancelled: it is seen in the engine's thread while that thread is busy. */
export type CancelFlag = Uint8Array<SharedArrayBuffer>;

export const createCancelFlag = (): CancelFlag => new Uint8Array(new SharedArrayBuffer(1));

export const setCancelled = (flag: CancelFlag): void => {
  Atomics.store(flag, 0, 1);
};

export const isCancelled = (flag: CancelFlag): boolean => Atomics.load(flag, 0) !== 0;
