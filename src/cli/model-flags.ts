import { type Command, Option, type OptionValues } from '@commander-js/extra-typings';
import { DRAFTER_NAMES } from '../contracts/drafter.ts';
import { DEVICES } from '../contracts/load.ts';
import { wholeNumber } from './parse-flags.ts';

/** Adds the flags that say what is loaded and who drafts. */
export function modelFlags<A extends unknown[], O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
) {
  return command
    .optionsGroup('What runs:')
    .option(
      '--model <model>',
      'target: a folder, or owner/name after msd pull (default: the embedded pair)',
    )
    .option(
      '--draft <model>',
      "the target's draft: a folder or a name too (default: the embedded model's)",
    )
    .addOption(
      new Option(
        '--drafter <name>',
        'who guesses ahead: auto is msd if there is a draft, else prompt-lookup',
      )
        .choices(['auto', ...DRAFTER_NAMES] as const)
        .default('auto' as const),
    )
    .option('--threads <n>', "threads of one operator (default: the machine's cores)", wholeNumber)
    .addOption(
      new Option('--device <name>', 'where the networks run')
        .choices(DEVICES)
        .default('cpu' as const),
    );
}
