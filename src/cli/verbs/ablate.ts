import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { OptionError } from '../../contracts/errors.ts';
import { uniform } from '../../decode/uniform.ts';
import { readMachine } from '../../evaluate/machine.ts';
import type { Fact } from '../../evaluate/report-page.ts';
import type { ArmRun } from '../../train/ablate/arm-runs.ts';
import { DRAFT_MODELS, DRAFT_PATHS, draftConfigSchema } from '../../train/draft/draft-config.ts';
import type { DraftContext } from '../../train/draft/open-draft-training.ts';
import { readRunConfig } from '../../train/run/read-run-config.ts';
import { wholeNumber } from '../flags/parse-flags.ts';
import { recordFlags, recordOverrides } from '../flags/record-flags.ts';
import { shellCommand } from '../print/shell-command.ts';
import { shownPath } from '../print/shown-path.ts';
import { createCancellation } from '../terminal/cancellation.ts';
import { createTrainDisplay } from '../terminal/train-display.ts';

/**
 * `msd ablate`: what decoupling and two-stage training each add. Exit code 130 after Ctrl-C, which saves; the same
 * command goes on.
 */
export function ablateCommand() {
  return recordFlags(new Command('ablate'))
    .description('train a draft with and without each idea, and measure what each adds')
    .argument('[KEY=VALUE...]', 'settings of msd train draft, as steps=3000')
    .requiredOption('--out <dir>', 'folder of the runs and the report')
    .option('--config <file>', 'settings as JSON')
    .option('--seeds <n>', 'repetitions of every arm, from seed on', wholeNumber, 3)
    .option('--prompts <n>', 'held-out prompts of each kind that are decoded', wholeNumber, 100)
    .option('--timed <n>', 'prompts of each kind that are timed against plain', wholeNumber, 10)
    .option('--plan', 'print what will be trained and how long it takes, and do nothing')
    .addHelpText('after', HELP)
    .action(
      async (overrides, { out: given, config: file, seeds, prompts, timed, plan, ...records }) => {
        if (seeds < 1) throw new OptionError('seeds', 'must be at least 1.');
        if (prompts < 1) throw new OptionError('prompts', 'must be at least 1.');
        const config = await readRunConfig(draftConfigSchema, {
          ...(file !== undefined && { file }),
          overrides: [...overrides, ...recordOverrides(records)],
          paths: DRAFT_PATHS,
          models: DRAFT_MODELS,
        });
        const { steps } = config;
        if (steps === undefined) throw new OptionError('steps', 'must be given, as steps=3000.');
        const out = resolve(given);
        const { openDraftContext } = await import('../../train/draft/open-draft-training.ts');
        const { planArms } = await import('../../train/ablate/arm-runs.ts');

        const display = createTrainDisplay(process.stderr, () => performance.now());
        const tell = (text: string) => display.tell(`${text}\n`);
        const { signal, beGentle, release } = createCancellation(display.clear);
        display.start('reading the data and the model');
        const context = await openDraftContext(config, tell).finally(display.clear);
        try {
          const runs = planArms(context, config, { out, seeds, steps });
          if (plan) await showPlan(context, runs, display);
          else {
            beGentle();
            const { info } = context.model;
            const facts: Fact[] = [
              ['Target', shownPath(info.model)],
              ['Precision', `fp32 on ${info.device}`],
              ['Threads', String(config.threads)],
              ['Seeds', [...new Set(runs.map(({ seed }) => seed))].join(', ')],
            ];
            const settings = {
              out,
              facts,
              seed: config.seed,
              prompts: { decoded: prompts, timed },
            };
            await ablate(context, runs, settings, { signal, display });
          }
        } finally {
          await context.dispose();
          release();
        }
      },
    );
}

type Display = ReturnType<typeof createTrainDisplay>;

async function showPlan(
  context: DraftContext,
  runs: readonly ArmRun[],
  display: Display,
): Promise<void> {
  const { measurePace } = await import('../../train/ablate/measure-pace.ts');
  const { ablationPlanText } = await import('../print/ablate-text.ts');
  display.start('measuring some steps of each arm');
  const paces = await measurePace(context, runs, () => performance.now()).finally(display.clear);
  process.stdout.write(ablationPlanText(runs, paces));
}

async function ablate(
  context: DraftContext,
  runs: readonly ArmRun[],
  {
    out,
    facts,
    seed,
    prompts,
  }: {
    readonly out: string;
    readonly facts: readonly Fact[];
    readonly seed: number;
    readonly prompts: { readonly decoded: number; readonly timed: number };
  },
  { signal, display }: { readonly signal: AbortSignal; readonly display: Display },
): Promise<void> {
  const { runAblation } = await import('../../train/ablate/run-ablation.ts');
  const { writeAblation } = await import('../../train/ablate/ablation-report.ts');
  const { ablationText } = await import('../print/ablate-text.ts');
  const tell = (text: string) => display.tell(`${text}\n`);
  const command = shellCommand(process.argv.slice(2));
  tell(facts.map(([name, value]) => `${name.toLowerCase()} ${value}`).join(', '));
  const results = await runAblation(
    context,
    runs,
    { command, prompts },
    {
      clock: () => performance.now(),
      cancelled: () => signal.aborted,
      memory: () => process.memoryUsage.rss(),
      onWarning: tell,
      onRead: (done, of) => {
        if (done === 1) tell(`the target reads ${of} dialogues`);
        if (done % 100 === 0) display.start(`${done} of ${of} dialogues read`);
      },
      onRun: ({ arm, seed, length, config }, index, step) => {
        const from = step === 0 ? '' : `, goes on after step ${step}`;
        tell(`run ${index + 1} of ${runs.length}: ${arm.name}, seed ${seed}${from}`);
        const later = runs.slice(index + 1).reduce((sum, { length }) => sum + length.steps, 0);
        const every = config.validation.every ?? length.steps;
        display.begin({ steps: length.steps, done: step, validateEvery: every, later });
      },
      onStep: display.step,
      onValidation: display.validated,
      onMeasure: () => display.start('decoding held-out prompts'),
    },
  ).finally(display.clear);
  if (results === undefined) {
    tell('stopped and saved; the same command goes on from here');
    return;
  }
  const { cpu, cores, node, onnxruntime } = readMachine();
  const machine = `${cpu}, ${cores} cores, node ${node}, onnxruntime ${onnxruntime}`;
  let draws = 0;
  const { ablation, files } = await writeAblation(out, results, {
    command,
    random: () => uniform(seed, draws++),
    facts: [...facts, ['Machine', machine]],
  });
  process.stdout.write(ablationText(ablation));
  tell(`report: ${shownPath(files.html)}`);
}

const HELP = `
Examples:
  msd ablate --out runs/ablation data.train=chat.json,pictures.json steps=3000 batch=16 --plan
  msd ablate --out runs/ablation data.train=chat.json,pictures.json steps=3000 batch=16

Eight arms: {decoupled, fused} x {two-stage, mixed from the start}, decoupled on text only and on pictures only, and block
drafts in two stages, decoupled and fused. All read the same number of reply tokens: the two-stage arms take the steps
that are asked for, the others as many as that takes. Mixed has the constant share of pictures that the two-stage run
has on average. At one seed all arms of a method begin with the same weights, and each takes of the settings those that
its method has. The gain of both ideas over neither, in MSD's draft, is shared out between them by their mean effects.

An arm counts if, at every seed, its validation loss came down by 10 % or more from before the first step, and moved less
than 2 % in the last fifth of its steps; else the report says "not trained" or "not converged" and shares nothing out:
train longer. Settings are those of msd train draft (msd help train draft);
cache.memoryGigabytes should hold the features of all data, so that the target reads them once.

Every finished run stays in the folder: after Ctrl-C or a kill the same command goes on. In the end the folder holds
ablation.html, .md, .json (all numbers) and .svg.`;
