import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { OptionError } from '../contracts/errors.ts';
import { uniform } from '../decode/uniform.ts';
import { readMachine } from '../evaluate/machine.ts';
import { textColumns } from '../evaluate/text-columns.ts';
import { DRAFT_PATHS, draftConfigSchema } from '../train/draft/draft-config.ts';
import { countWord } from '../train/report/report-numbers.ts';
import { readRunConfig } from '../train/run/read-run-config.ts';
import { createCancellation } from './cancellation.ts';
import { wholeNumber } from './parse-flags.ts';
import { shownPath } from './shown-path.ts';
import { createTrainDisplay } from './train-display.ts';

/**
 * `msd ablate`: what decoupling and two-stage training each add. Exit code 130 after Ctrl-C, which saves; the same
 * command goes on.
 */
export function ablateCommand() {
  return new Command('ablate')
    .description('train a draft with and without each idea, and measure what each adds')
    .argument('[KEY=VALUE...]', 'settings of msd train draft, as steps=3000')
    .requiredOption('--out <dir>', 'folder of the runs and the report')
    .option('--config <file>', 'settings as JSON')
    .option('--seeds <n>', 'repetitions of every arm, from seed on', wholeNumber, 3)
    .option('--prompts <n>', 'held-out prompts of each kind that are decoded', wholeNumber, 100)
    .option('--timed <n>', 'prompts of each kind that are timed against plain', wholeNumber, 10)
    .option('--plan', 'print what will be trained, and do nothing')
    .addHelpText('after', HELP)
    .action(async (overrides, { out: given, config: file, seeds, prompts, timed, plan }) => {
      if (seeds < 1) throw new OptionError('seeds', 'must be at least 1.');
      if (prompts < 1) throw new OptionError('prompts', 'must be at least 1.');
      const config = await readRunConfig(draftConfigSchema, {
        ...(file !== undefined && { file }),
        overrides,
        paths: DRAFT_PATHS,
      });
      const { steps } = config;
      if (steps === undefined) throw new OptionError('steps', 'must be given, as steps=3000.');
      const out = resolve(given);
      const command = ['msd', ...process.argv.slice(2)].join(' ');
      const { openDraftGround } = await import('../train/draft/open-draft-training.ts');
      const { planArms } = await import('../train/ablate/arm-runs.ts');
      const { runAblation } = await import('../train/ablate/run-ablation.ts');
      const { writeAblation } = await import('../train/ablate/ablation-report.ts');

      const display = createTrainDisplay(process.stderr, () => performance.now());
      const tell = (text: string) => display.tell(`${text}\n`);
      const { signal, beGentle, release } = createCancellation(display.clear);
      display.start('reading the data and the model');
      const ground = await openDraftGround(config, tell).finally(display.clear);
      try {
        const runs = planArms(ground, config, { out, seeds, steps });
        if (plan) {
          process.stdout.write(planText(runs));
          return;
        }
        beGentle();
        const { info } = ground.model;
        tell(`target ${shownPath(info.model)}, fp32 on ${info.device}, ${config.threads} threads`);
        const results = await runAblation(
          ground,
          runs,
          { command, prompts, timed },
          {
            clock: () => performance.now(),
            cancelled: () => signal.aborted,
            memory: () => process.memoryUsage.rss(),
            onWarning: tell,
            onRun: ({ arm, seed, length }, index) => {
              tell(`run ${index + 1} of ${runs.length}: ${arm.name}, seed ${seed}`);
              display.begin(length.steps, 0);
            },
            onStep: display.step,
            onValidation: () => {},
            onMeasure: () => tell('decoding held-out prompts'),
          },
        ).finally(display.clear);
        if (results === undefined) {
          tell('stopped and saved; the same command goes on from here');
          return;
        }
        const { cpu, cores, node, onnxruntime } = readMachine();
        let draws = 0;
        const { ablation, files } = await writeAblation(out, results, {
          command,
          random: () => uniform(config.seed, draws++),
          facts: [
            ['Target', shownPath(info.model)],
            ['Precision', `fp32 on ${info.device}, ${config.threads} threads`],
            ['Machine', `${cpu}, ${cores} cores, node ${node}, onnxruntime ${onnxruntime}`],
            [
              'Seeds',
              results
                .map(({ run }) => run.seed)
                .filter(isFirst)
                .join(', '),
            ],
          ],
        });
        const { armsTable, convergenceSentence, sharesTable } = await import(
          '../train/ablate/ablation-tables.ts'
        );
        for (const table of [armsTable(ablation), sharesTable(ablation)]) {
          if (table === null) continue;
          process.stdout.write(`${textColumns([table.head, ...table.rows], [0]).join('\n')}\n\n`);
        }
        process.stdout.write(`${convergenceSentence(ablation)}\n`);
        tell(`report: ${shownPath(files.html)}`);
      } finally {
        await ground.dispose();
        release();
      }
    });
}

const isFirst = <T>(value: T, index: number, all: readonly T[]): boolean =>
  all.indexOf(value) === index;

function planText(
  runs: readonly {
    readonly arm: { readonly name: string };
    readonly seed: number;
    readonly length: {
      readonly steps: number;
      readonly replyTokens: number;
      readonly share: number;
    };
  }[],
): string {
  const head = ['arm', 'seed', 'steps', 'reply tokens', 'pictures'];
  const rows = runs.map(({ arm, seed, length }) => [
    arm.name,
    String(seed),
    countWord(length.steps),
    countWord(length.replyTokens),
    `${(100 * length.share).toFixed(0)} %`,
  ]);
  return `${textColumns([head, ...rows], [0]).join('\n')}\n`;
}

const HELP = `
Examples:
  msd ablate --out runs/ablation data.train='["chat.json", "pictures.json"]' steps=3000 batch=16 --plan
  msd ablate --out runs/ablation data.train='["chat.json", "pictures.json"]' steps=3000 batch=16

Six arms: {decoupled, fused} x {two-stage, mixed from the start}, and decoupled on text only and on pictures only. All
read the same number of reply tokens: the two-stage arms take the steps that are asked for, the others as many as that
takes. Mixed has the constant share of pictures that the two-stage run has on average. At one seed all arms begin with
the same weights. An arm counts if its validation loss moved less than 2 % in the last fifth of its steps.

Every finished run stays in the folder: after Ctrl-C or a kill the same command goes on. In the end the folder holds
ablation.html, .md, .json and .svg.`;
