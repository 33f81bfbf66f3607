/** Items of several generators as they come, each with the place of its own. An error of one ends them all. */
export async function* merge<T>(
  sources: readonly AsyncGenerator<T, void, undefined>[],
): AsyncGenerator<readonly [number, T], void, undefined> {
  const next = (place: number) =>
    (sources[place] as AsyncGenerator<T, void, undefined>)
      .next()
      .then((given) => ({ place, given }));
  const pending = new Map(sources.map((_, place) => [place, next(place)]));
  try {
    while (pending.size > 0) {
      const { place, given } = await Promise.race(pending.values());
      if (given.done) pending.delete(place);
      else {
        pending.set(place, next(place));
        yield [place, given.value];
      }
    }
  } finally {
    for (const one of pending.values()) one.catch(() => {});
    await Promise.allSettled(sources.map((source) => source.return()));
  }
}
