import { byteSize } from '../print/units.ts';
import type { NoticeStream } from './notice-stream.ts';
import { createProgressBar } from './progress-bar.ts';

/** Milliseconds between two looks at how far it is: on a terminal, and in a file that someone follows. */
const LOOK = { terminal: 100, file: 10_000 };

/** How far a download is, over all of its files: a bar on a terminal, else a line now and then. */
export function createPullDisplay(stream: NoticeStream, clock: () => number) {
  const bar = createProgressBar(stream, 'pulling {bar} {size}, {speed}/s, {eta_formatted} left');
  let last = clock();
  let from: { readonly at: number; readonly done: number } | undefined;
  const clear = () => {
    if (bar.isActive) bar.stop();
  };
  return {
    update(done: number, total: number) {
      const now = clock();
      from ??= { at: now, done };
      if (now - last < (stream.isTTY ? LOOK.terminal : LOOK.file)) return;
      last = now;
      const seconds = Math.max(now - from.at, 1) / 1000;
      const speed = byteSize(Math.max(0, Math.round((done - from.done) / seconds)));
      const size = `${byteSize(done)} of ${byteSize(total)}`;
      if (!stream.isTTY) stream.write(`${size}, ${speed}/s\n`);
      else if (bar.isActive) bar.update(done, { size, speed });
      else bar.start(total, done, { size, speed });
    },
    tell(text: string) {
      clear();
      stream.write(`${text}\n`);
    },
    clear,
  };
}
