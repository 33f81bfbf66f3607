import { resolve } from 'node:path';
import { planTraining } from '../../../train/plan-training.ts';
import { runTraining } from '../../../train/run-training.ts';
import type { Training } from '../../../train/training.ts';
import { fitColumns } from '../../print/fit-columns.ts';
import { shellCommand } from '../../print/shell-command.ts';
import { shownPath } from '../../print/shown-path.ts';
import { planText, startText, validationLine } from '../../print/train-text.ts';
import { createCancellation } from '../../terminal/cancellation.ts';
import { createTrainDisplay } from '../../terminal/train-display.ts';

/** Runs or plans a training. On Ctrl-C it saves, says how to go on and leaves with 130. */
export async function train(
  { out: given, plan }: { readonly out: string; readonly plan?: true | undefined },
  open: (warn: (message: string) => void) => Promise<Training>,
): Promise<void> {
  const out = resolve(given);
  const clock = () => performance.now();
  const display = createTrainDisplay(process.stderr, clock);
  const tell = (text: string) => display.tell(`${text}\n`);
  const { signal, beGentle, release } = createCancellation(display.clear);
  display.start('reading the data and the model');
  const training = await open(tell).finally(display.clear);
  try {
    if (plan) {
      display.start('measuring some steps');
      const planned = await planTraining(training, {
        clock,
        memory: () => process.memoryUsage.rss(),
      }).finally(display.clear);
      const { isTTY, columns } = process.stdout;
      process.stdout.write(fitColumns(planText(training, planned), isTTY ? columns : undefined));
      return;
    }
    beGentle();
    tell(startText(training, shownPath(out)));
    const { complete, model, report } = await runTraining(
      training,
      {
        out,
        command: shellCommand(process.argv.slice(2)),
        now: new Date(),
        onWarning: tell,
        onOpen: (step) => {
          if (step > 0) tell(`going on after step ${step}`);
          const { steps } = training.course;
          display.begin({ steps, done: step, validateEvery: training.pace.validateEvery });
        },
      },
      {
        clock,
        cancelled: () => signal.aborted,
        onStep: display.step,
        onValidation: (record) => {
          display.validated(record);
          tell(validationLine(record));
        },
      },
    ).finally(display.clear);
    if (!complete) tell(`stopped and saved; the same command goes on from here`);
    if (model !== undefined) process.stdout.write(`${shownPath(model)}\n`);
    tell(`report: ${shownPath(report)}`);
  } finally {
    await training.dispose();
    release();
  }
}
