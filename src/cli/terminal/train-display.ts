import cliProgress from 'cli-progress';
import { durationWord } from '../../train/report/report-numbers.ts';
import type { StepRecord, ValidationRecord } from '../../train/run/records.ts';
import { fitColumns } from '../print/fit-columns.ts';
import { createProgressBar } from './progress-bar.ts';

/** How far a training is: a bar on a terminal, else a line now and then. */
export interface TrainDisplay {
  /** Shows what takes long before the first step. */
  start(label: string): void;
  begin(run: ShownRun): void;
  step(record: StepRecord): void;
  /** What a validation found and took, which the time left counts too. */
  validated(record: ValidationRecord): void;
  /** Writes a line above the bar. */
  tell(text: string): void;
  clear(): void;
}

interface ShownRun {
  readonly steps: number;
  readonly done: number;
  /** Steps from one validation to the next. */
  readonly validateEvery: number;
  /** Steps of the trainings that come after this one. */
  readonly later?: number;
}

/** Milliseconds between two looks: on a terminal, and in a file that someone follows. */
const LOOK = { terminal: 100, file: 10_000 };
/** Steps that the shown figures are a running mean of. */
const SMOOTHED = 20;

export function createTrainDisplay(stream: NodeJS.WriteStream, clock: () => number): TrainDisplay {
  let bar: cliProgress.SingleBar | undefined;
  let run: ShownRun = { steps: 0, done: 0, validateEvery: 1 };
  let figures: Figures | undefined;
  let validation: ValidationRecord | undefined;
  let looked = Number.NEGATIVE_INFINITY;
  const clear = () => {
    bar?.stop();
    bar = undefined;
  };
  const fitted = (text: string) => fitColumns(text, stream.isTTY ? stream.columns : undefined);
  return {
    start(label) {
      clear();
      if (stream.isTTY) stream.write(`${label} …\r`);
    },
    begin(next) {
      run = next;
      figures = undefined;
      validation = undefined;
      if (stream.isTTY) {
        bar = createBar(stream);
        bar.start(run.steps, run.done, { words: [] });
      }
    },
    step(record) {
      figures = smoothed(figures, record);
      const now = clock();
      if (now - looked < (stream.isTTY ? LOOK.terminal : LOOK.file)) return;
      looked = now;
      const words = figureWords(figures, validation, run, run.steps - record.step);
      if (bar !== undefined) bar.update(record.step, { words });
      else stream.write(`step ${record.step}/${run.steps}, ${words.join(', ')}\n`);
    },
    validated(record) {
      validation = record;
    },
    tell(text) {
      const running = bar;
      if (running === undefined) {
        stream.write(stream.isTTY ? `\x1b[2K\r${fitted(text)}` : text);
        return;
      }
      stream.write(`\x1b[2K\r${fitted(text)}`);
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
  return createProgressBar(
    stream,
    (options, { progress, value, total }, payload: { words: readonly string[] }) =>
      barLine(`${value}/${total}`, payload.words, stream.columns ?? 80, (barsize) =>
        cliProgress.Format.BarFormat(progress, { ...options, barsize }),
      ),
  );
}

const BAR = { least: 8, most: 20 };

/** As many of the words as the columns have room for, the first ones first, and a bar in front if there is room for one. */
export function barLine(
  count: string,
  words: readonly string[],
  columns: number,
  bar: (size: number) => string,
): string {
  const most = columns - 1; // the cursor stands behind the line
  const lineOf = (shown: number) => [count, words.slice(0, shown).join(', ')].join(' ').trimEnd();
  let shown = words.length;
  while (shown > 0 && lineOf(shown).length > most) shown--;
  const line = lineOf(shown);
  const size = Math.min(BAR.most, most - line.length - 1);
  return size < BAR.least ? line : `${bar(size)} ${line}`;
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

/** The words that matter most first. */
function figureWords(
  { loss, agreement, share, tokens, seconds }: Figures,
  validation: ValidationRecord | undefined,
  { validateEvery, later = 0 }: ShownRun,
  left: number,
): string[] {
  const perStep = seconds + (validation?.seconds ?? 0) / validateEvery;
  const passes = validation?.all.tokensPerPass;
  return [
    `${durationWord(left * perStep)} left`,
    ...(passes === undefined ? [] : [`${passes.toFixed(2)} tokens per pass`]),
    `loss ${loss.toFixed(3)}`,
    ...(agreement === undefined ? [] : [`agrees ${(100 * agreement).toFixed(0)} %`]),
    ...(later === 0 ? [] : [`${durationWord((left + later) * perStep)} for all runs`]),
    `pictures ${(100 * share).toFixed(0)} %`,
    `${(tokens / seconds).toFixed(0)} tokens/s`,
  ];
}
