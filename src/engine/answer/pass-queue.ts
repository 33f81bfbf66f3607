/** Passes over one cache, one after the other; what would change the cache waits while one runs. */
export interface PassQueue {
  /** Runs behind the passes that were asked for earlier, whether they succeed or not. */
  pass<Result>(run: () => Promise<Result>): Promise<Result>;
  /** Makes a change at once, or right behind the pass that runs, in the order of the changes. */
  change(make: () => void): void;
}

export function createPassQueue(): PassQueue {
  const changes: (() => void)[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let asked = 0;
  let running = false;
  return {
    pass(run) {
      const begin = async () => {
        running = true;
        try {
          return await run();
        } finally {
          running = false;
          asked -= 1;
          for (const make of changes.splice(0)) make();
        }
      };
      asked += 1;
      const result = asked === 1 ? begin() : last.then(begin, begin);
      last = result;
      return result;
    },
    change(make) {
      if (running) changes.push(make);
      else make();
    },
  };
}
