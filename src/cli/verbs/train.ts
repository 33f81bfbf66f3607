import { Command } from '@commander-js/extra-typings';
import {
  DRAFT_MODELS,
  DRAFT_PATHS,
  draftConfigSchema,
  PAPER_SCHEDULE,
} from '../../train/draft/draft-config.ts';
import {
  RECYCLED_MODELS,
  RECYCLED_PATHS,
  recycledConfigSchema,
} from '../../train/recycled/recycled-config.ts';
import { readRunConfig } from '../../train/run/read-run-config.ts';
import {
  TARGET_MODELS,
  TARGET_PATHS,
  targetConfigSchema,
} from '../../train/target/target-config.ts';
import { recordFlags, recordOverrides } from '../flags/record-flags.ts';
import {
  TRAIN_DRAFT_HELP,
  TRAIN_HELP,
  TRAIN_RECYCLED_HELP,
  TRAIN_TARGET_HELP,
} from './train/train-help.ts';

/**
 * `msd train`: a draft for a target, a table that guesses without one, or the target itself. Exit code 130 after Ctrl-C, which saves first. The networks'
 * code is loaded once a training runs, so that other verbs start without it.
 */
export function trainCommand() {
  return new Command('train')
    .description('train a draft, or a target, or make a table of likely tokens')
    .addHelpText('after', TRAIN_HELP)
    .addCommand(trainDraftCommand())
    .addCommand(trainRecycledCommand())
    .addCommand(trainTargetCommand());
}

function trainDraftCommand() {
  return recordFlags(new Command('draft'))
    .description("train a draft for a target, on the target's own features")
    .argument('[KEY=VALUE...]', 'settings, over those of --config, as optimiser.rate=1e-3')
    .requiredOption('--out <dir>', 'folder of the run; a run that began there goes on')
    .option('--config <file>', 'settings as JSON')
    .option('--paper-schedule', "the paper's literal numbers of epochs, warm-up and decay")
    .option('--plan', 'print what the run will do, and do nothing')
    .addHelpText('after', TRAIN_DRAFT_HELP)
    .action(async (overrides, { out, config: file, paperSchedule, plan, ...records }) => {
      const config = await readRunConfig(draftConfigSchema, {
        ...(file !== undefined && { file }),
        overrides: [
          ...(paperSchedule ? PAPER_SCHEDULE : []),
          ...overrides,
          ...recordOverrides(records),
        ],
        paths: DRAFT_PATHS,
        models: DRAFT_MODELS,
      });
      const { openDraftTraining } = await import('../../train/draft/open-draft-training.ts');
      const { train } = await import('./train/train-run.ts');
      await train({ out, plan }, (warn) => openDraftTraining(config, warn));
    });
}

function trainRecycledCommand() {
  return recordFlags(new Command('recycled'))
    .description('make the table that recycled begins with, of what a target held likely')
    .argument('[KEY=VALUE...]', 'settings, over those of --config, as table.megabytes=2')
    .requiredOption('--out <dir>', "folder of the table: one of its own, a draft's, or the model's")
    .option('--config <file>', 'settings as JSON')
    .addHelpText('after', TRAIN_RECYCLED_HELP)
    .action(async (overrides, { out, config: file, ...records }) => {
      const config = await readRunConfig(recycledConfigSchema, {
        ...(file !== undefined && { file }),
        overrides: [...overrides, ...recordOverrides(records)],
        paths: RECYCLED_PATHS,
        models: RECYCLED_MODELS,
      });
      const { makeTable } = await import('./train/make-table.ts');
      await makeTable(config, out);
    });
}

function trainTargetCommand() {
  return recordFlags(new Command('target'))
    .description('train parts of a target, or all of it from scratch, on replies')
    .argument('[KEY=VALUE...]', 'settings, over those of --config, as learn.projector=1e-3')
    .requiredOption('--out <dir>', 'folder of the run; a run that began there goes on')
    .option('--config <file>', 'settings as JSON')
    .option('--plan', 'print what the run will do, and do nothing')
    .addHelpText('after', TRAIN_TARGET_HELP)
    .action(async (overrides, { out, config: file, plan, ...records }) => {
      const config = await readRunConfig(targetConfigSchema, {
        ...(file !== undefined && { file }),
        overrides: [...overrides, ...recordOverrides(records)],
        paths: TARGET_PATHS,
        models: TARGET_MODELS,
      });
      const { openTargetTraining } = await import('../../train/target/open-target-training.ts');
      const { train } = await import('./train/train-run.ts');
      await train({ out, plan }, () => openTargetTraining(config, out));
    });
}
