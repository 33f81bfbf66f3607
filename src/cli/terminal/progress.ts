import cliProgress from 'cli-progress';
import type { NoticeStream } from './notice-stream.ts';
import { createProgressBar } from './progress-bar.ts';

/** One line about work that takes long, on a terminal only. */
export interface Progress {
  /** Shows `label`, with a bar once `update` tells how far it is. It is not drawn before work has taken a moment. */
  start(label: string): void;
  update(done: number, total: number): void;
  clear(): void;
}

/** Work that ends sooner draws nothing. */
const MOMENT = 200; // ms

export function createProgress(stream: NoticeStream): Progress {
  let bar: cliProgress.SingleBar | undefined;
  let timer: NodeJS.Timeout | undefined;
  let [done, total] = [0, 0];
  const clear = () => {
    clearTimeout(timer);
    bar?.stop();
    bar = undefined;
  };
  return {
    start(label) {
      clear();
      if (!stream.isTTY) return;
      [done, total] = [0, 0];
      timer = setTimeout(() => {
        bar = createProgressBar(stream, (options, params) => line(label, options, params));
        bar.start(total, done);
      }, MOMENT);
    },
    update(newDone, newTotal) {
      [done, total] = [newDone, newTotal];
      bar?.setTotal(total);
      bar?.update(done);
    },
    clear,
  };
}

function line(label: string, options: cliProgress.Options, params: cliProgress.Params): string {
  const seconds = Math.round((Date.now() - params.startTime + MOMENT) / 1000);
  if (params.total === 0) return `${label} ${seconds} s`;
  const bar = cliProgress.Format.BarFormat(params.progress, options);
  return `${label} ${bar} ${params.value}/${params.total} tokens, ${seconds} s`;
}
