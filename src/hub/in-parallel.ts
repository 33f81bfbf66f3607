/**
 * Runs `work` over items, at most `count` at a time. The first failure stops the others by their signal, is waited for
 * by all, and is thrown.
 */
export async function inParallel<T>(
  items: readonly T[],
  count: number,
  outer: AbortSignal,
  work: (item: T, stop: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const stop = AbortSignal.any([outer, failed.signal]);
  const rest = items.values();
  const lane = async () => {
    for (const item of rest) {
      stop.throwIfAborted();
      await work(item, stop);
    }
  };
  const lanes = Array.from({ length: count }, () =>
    lane().catch((cause: unknown) => failed.abort(cause)),
  );
  await Promise.all(lanes);
  stop.throwIfAborted();
}
