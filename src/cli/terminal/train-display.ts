import cliProgress from 'cli-progress';
import { durationWord } from '../../train/report/report-numbers.ts';
import type { StepRecord } from '../../train/run/records.ts';

/** How far a training is: a bar on a terminal, else a line now and then. */
export interface TrainDisplay {
  /** Shows what takes long before the first step. */
  start(label: string): void;
  /** @param later steps of the trainings that come after this one */
  begin(steps: number, done: number, later?: number): void;
  step(record: StepRecord): void;
  /** Writes a line above the bar. */
  tell(text: string): void;
  clear(): void;
}

/** Milliseconds between two looks: on a terminal, and in a file that someone follows. */
const LOOK = { terminal: 100, file: 10_000 };
/** Steps that the shown figures are a running mean of. */
const SMOOTHED = 20;

export function createTrainDisplay(stream: NodeJS.WriteStream, clock: () => number): TrainDisplay {
  let bar: cliProgress.SingleBar | undefined;
  let [steps, later] = [0, 0];
  let figures: Figures | undefined;
  let looked = Number.NEGATIVE_INFINITY;
  const clear = () => {
    bar?.stop();
    bar = undefined;
  };
  return {
    start(label) {
      clear();
      if (stream.isTTY) stream.write(`${label} …\r`);
    },
    begin(total, done, after = 0) {
      [steps, later] = [total, after];
      figures = undefined;
      if (stream.isTTY) {
        bar = createBar(stream);
        bar.start(total, done, { text: '' });
      }
    },
    step(record) {
      figures = smoothed(figures, record);
      const now = clock();
      if (now - looked < (stream.isTTY ? LOOK.terminal : LOOK.file)) return;
      looked = now;
      const text = figuresText(figures, steps - record.step, later);
      if (bar !== undefined) bar.update(record.step, { text });
      else stream.write(`step ${record.step}/${steps}, ${text}\n`);
    },
    tell(text) {
      const running = bar;
      if (running === undefined) {
        stream.write(stream.isTTY ? `\x1b[2K\r${text}` : text);
        return;
      }
      stream.write(`\x1b[2K\r${text}`);
      running.updateETA();
      running.render();
    },
    clear() {
      clear();
      if (stream.isTTY) stream.write('\x1b[2K\r');
    },
  };
}

function createBar(stream: NodeJS.WriteStream): cliProgress.SingleBar {
  return new cliProgress.SingleBar({
    stream,
    format: '{bar} {value}/{total} {text}',
    barsize: 20,
    clearOnComplete: true,
    gracefulExit: false,
  });
}

/** What is shown of the last steps. */
interface Figures {
  readonly loss: number;
  readonly agreement: number | undefined;
  readonly share: number;
  readonly tokens: number;
  readonly seconds: number;
}

function smoothed(before: Figures | undefined, record: StepRecord): Figures {
  const { loss, agreement, multimodalShare: share, replyTokens: tokens, seconds } = record;
  const now: Figures = { loss, agreement, share, tokens, seconds };
  if (before === undefined) return now;
  const mix = (was: number, is: number) => was + (is - was) / SMOOTHED;
  return {
    loss: mix(before.loss, loss),
    agreement: agreement === undefined ? undefined : mix(before.agreement ?? agreement, agreement),
    share: mix(before.share, share),
    tokens: mix(before.tokens, tokens),
    seconds: mix(before.seconds, seconds),
  };
}

function figuresText(
  { loss, agreement, share, tokens, seconds }: Figures,
  left: number,
  later: number,
): string {
  return [
    `loss ${loss.toFixed(3)}`,
    ...(agreement === undefined ? [] : [`agrees ${(100 * agreement).toFixed(0)} %`]),
    `pictures ${(100 * share).toFixed(0)} %`,
    `${(tokens / seconds).toFixed(0)} tokens/s`,
    `${durationWord(left * seconds)} left`,
    ...(later === 0 ? [] : [`${durationWord((left + later) * seconds)} for all runs`]),
  ].join(', ');
}
