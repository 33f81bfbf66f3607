/** Runs several state machines by turns, one unit of work each. */
export interface Scheduler {
  /** Runs a machine to its end among the others; each of its yields goes to `emit`. */
  run<Y, R>(machine: AsyncGenerator<Y, R>, emit: (value: Y) => void): Promise<R>;
}

/** @param pause awaited after every unit */
export function createScheduler(pause: () => Promise<void>): Scheduler {
  const turns: (() => Promise<boolean>)[] = []; // each tells whether it wants another turn
  let busy = false;
  const work = async () => {
    if (busy) return;
    busy = true;
    for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) {
      if (await turn()) turns.push(turn);
      await pause();
    }
    busy = false;
  };
  return {
    run: (machine, emit) =>
      new Promise((resolve, reject) => {
        turns.push(async () => {
          try {
            const next = await machine.next();
            if (next.done) resolve(next.value);
            else emit(next.value);
            return !next.done;
          } catch (error) {
            reject(error);
            return false;
          }
        });
        void work();
      }),
  };
}
