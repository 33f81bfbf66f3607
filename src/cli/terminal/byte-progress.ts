import type { NoticeStream } from './notice-stream.ts';
import { createProgressBar } from './progress-bar.ts';

/** How many bytes of a file or folder are done, as a bar on a terminal; nothing elsewhere. */
export interface ByteProgress {
  update(label: string, done: number, total: number): void;
  clear(): void;
}

const LOOK = 100; // ms between two drawings
const MIB = 2 ** 20;

export function createByteProgress(stream: NoticeStream): ByteProgress {
  const bar = createProgressBar(stream, '{label} {bar} {value}/{total} MiB');
  let last = performance.now();
  return {
    update(label, done, total) {
      if (!stream.isTTY || performance.now() - last < LOOK) return;
      last = performance.now();
      const [value, whole] = [Math.floor(done / MIB), Math.ceil(total / MIB)];
      if (!bar.isActive) bar.start(whole, value, { label });
      bar.setTotal(whole);
      bar.update(value, { label });
    },
    clear() {
      if (bar.isActive) bar.stop();
    },
  };
}
