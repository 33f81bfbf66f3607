import { type Command, Option, type OptionValues } from '@commander-js/extra-typings';
import { DEVICES, DRAFT_POSITIONS } from '../../contracts/load.ts';
import { DRAFTER_NAMES, drafterFor } from '../../draft/drafters.ts';
import { precision, wholeNumber } from './parse-flags.ts';

/** Adds the flags that say what is loaded. */
export function loadFlags<A extends unknown[], O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
) {
  return command
    .optionsGroup('What runs:')
    .option(
      '--model <model>',
      'target: a folder, or owner/name after msd pull (default: the embedded model)',
    )
    .option(
      '--draft <model>',
      "the target's draft or table of likely tokens: a folder or a name too",
    )
    .addOption(
      new Option(
        '--draft-positions <kind>',
        'how a Qwen2-VL draft counts positions: in one line as published (default), or by M-RoPE',
      ).choices(DRAFT_POSITIONS),
    )
    .option('--force', 'load the model without its draft if that is made for another method')
    .option('--threads <n>', "threads of one operator (default: the machine's cores)", wholeNumber)
    .addOption(
      new Option(
        '--precision <list>',
        'fp32, w8a8: weights, and activations by row, in 8 bits, or int4: weights in 4 bits; or by part, as decoder=int4,head=w8a8 (tower, draft); default: w8a8 of the embedded model, fp32 of others',
      ).argParser(precision),
    )
    .addOption(
      new Option('--device <name>', 'where the networks run')
        .choices(DEVICES)
        .default('cpu' as const),
    );
}

/** Adds those, and the one that says who drafts. */
export function modelFlags<A extends unknown[], O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
) {
  return loadFlags(command).addOption(
    new Option(
      '--drafter <name>',
      `who guesses ahead: auto is what the draft was made for, or ${drafterFor(undefined)} without one`,
    )
      .choices(['auto', ...DRAFTER_NAMES] as const)
      .default('auto' as const),
  );
}
