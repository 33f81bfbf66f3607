import { createRequire } from 'node:module';
import { Command } from '@commander-js/extra-typings';
import { ablateCommand } from './ablate.ts';
import { benchCommand } from './bench.ts';
import { chatCommand } from './chat.ts';
import { doctorCommand } from './doctor.ts';
import { exportCommand } from './export.ts';
import { harvestCommand } from './harvest.ts';
import { PROGRAM_HELP } from './help-texts.ts';
import { importCommand } from './import.ts';
import { inspectCommand } from './inspect.ts';
import { listCommand } from './list.ts';
import { pullCommand } from './pull.ts';
import { rmCommand } from './rm.ts';
import { runCommand } from './run.ts';
import { trainCommand } from './train.ts';

/** The program with its verbs. Whoever parses with it gets a CommanderError instead of an exit. */
export function createProgram(): Command {
  const { version } = createRequire(import.meta.url)('../../package.json');
  const program = new Command('msd')
    .description(
      'multimodal speculative decoding: a vision-language model answers in fewer passes, word for word the same',
    )
    .version(String(version), '--version', 'print the version')
    .showHelpAfterError('Add --help to see what there is.')
    .addHelpText('after', PROGRAM_HELP)
    .exitOverride();
  const verbs = [
    runCommand(),
    chatCommand(),
    inspectCommand(),
    pullCommand(),
    listCommand(),
    rmCommand(),
    benchCommand(),
    harvestCommand(),
    trainCommand(),
    ablateCommand(),
    importCommand(),
    exportCommand(),
    doctorCommand(),
  ];
  for (const verb of verbs) program.addCommand(verb.copyInheritedSettings(program));
  return program;
}
