import { createProgressBar } from './progress-bar.ts';

/** How many dialogues were read: a bar on a terminal, else a line now and then. */
export interface ReadingDisplay {
  update(done: number, total: number): void;
  tell(message: string): void;
  clear(): void;
}

/** Milliseconds between two looks: on a terminal, and in a file that someone follows. */
const LOOK = { terminal: 100, file: 10_000 };

export function createReadingDisplay(
  stream: NodeJS.WriteStream,
  clock: () => number,
): ReadingDisplay {
  const bar = createProgressBar(
    stream,
    'reading {bar} {value}/{total} dialogues, {eta_formatted} left',
  );
  let looked = clock();
  const clear = () => {
    if (bar.isActive) bar.stop();
  };
  return {
    update(done, total) {
      const now = clock();
      if (now - looked < (stream.isTTY ? LOOK.terminal : LOOK.file)) return;
      looked = now;
      if (!stream.isTTY) stream.write(`${done}/${total} dialogues\n`);
      else if (bar.isActive) bar.update(done);
      else bar.start(total, done);
    },
    tell(message) {
      clear();
      if (message === '') return;
      stream.write(`${message}\n`);
    },
    clear,
  };
}
