import { Command } from '@commander-js/extra-typings';
import { packageVersion } from '../files/package-version.ts';
import { PROGRAM_HELP } from './flags/help-texts.ts';
import { applySettings } from './settings/apply-settings.ts';
import { readSettings } from './settings/read-settings.ts';
import { ablateCommand } from './verbs/ablate.ts';
import { benchCommand } from './verbs/bench.ts';
import { chatCommand } from './verbs/chat.ts';
import { completionCommand } from './verbs/completion.ts';
import { doctorCommand } from './verbs/doctor.ts';
import { evalCommand } from './verbs/eval.ts';
import { exportCommand } from './verbs/export.ts';
import { harvestCommand } from './verbs/harvest.ts';
import { importCommand } from './verbs/import.ts';
import { inspectCommand } from './verbs/inspect.ts';
import { listCommand } from './verbs/list.ts';
import { pullCommand } from './verbs/pull.ts';
import { readCommand } from './verbs/read.ts';
import { rmCommand } from './verbs/rm.ts';
import { runCommand } from './verbs/run.ts';
import { serveCommand } from './verbs/serve.ts';
import { trainCommand } from './verbs/train.ts';

/** The program with its verbs. Whoever parses with it gets a CommanderError instead of an exit. */
export function createProgram(): Command {
  const program = new Command('msd')
    .description(
      'multimodal speculative decoding: a vision-language model answers in fewer passes, word for word the same',
    )
    .version(packageVersion(), '-v, --version', 'print the version')
    .showHelpAfterError('Add --help to see what there is.')
    .addHelpText('after', PROGRAM_HELP)
    .exitOverride()
    .hook('preAction', (_, verb) => {
      const settings = readSettings(process.env);
      applySettings(verb, settings);
      if (settings.cache !== undefined) process.env.MSD_CACHE = settings.cache; // workers read it too
    });
  const verbs = [
    runCommand(),
    chatCommand(),
    serveCommand(),
    readCommand(),
    inspectCommand(),
    pullCommand(),
    listCommand(),
    rmCommand(),
    benchCommand(),
    evalCommand(),
    harvestCommand(),
    trainCommand(),
    ablateCommand(),
    importCommand(),
    exportCommand(),
    doctorCommand(),
    completionCommand(program),
  ];
  for (const verb of verbs) program.addCommand(verb.copyInheritedSettings(program));
  return program;
}
