import { type Command, Option, type OptionValues } from '@commander-js/extra-typings';
import { decimalNumber, listed, treeChoice, wholeNumber } from './parse-flags.ts';

/** Adds the flags that say how an answer is written. */
export function answerFlags<A extends unknown[], O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
) {
  return command
    .addOption(
      new Option(
        '--tree <auto|N|T,D,K>',
        'size of the draft tree: as it pays, N rows, or total,depth,top-k',
      )
        .argParser(treeChoice)
        .default('auto' as const),
    )
    .optionsGroup('What is asked:')
    .option('--image <file>', 'a picture, before the words; repeat for more', listed)
    .option('--read', 'read the text of the pictures, and put it into the prompt as words')
    .option('--no-read', 'do not, where the model is made for it')
    .option('--system <text>', 'system message in front')
    .optionsGroup('How tokens are chosen:')
    .option('--max-tokens <n>', 'most tokens of an answer (default: 256)', wholeNumber)
    .option('--temperature <t>', '0 is greedy: always the likeliest (default: 0)', decimalNumber)
    .option('--top-p <p>', 'keep the likeliest that together have this mass', decimalNumber)
    .option('--top-k <k>', 'keep the k likeliest', wholeNumber)
    .option('--min-p <p>', 'keep what has this share of the likeliest', decimalNumber)
    .option('--seed <s>', 'same seed, same text (default: 0)', wholeNumber)
    .option('--stop <text>', 'end before this text; repeat for more', listed)
    .option('--ignore-eos', 'go on past the end token, until --max-tokens')
    .optionsGroup('What is printed:')
    .option('-q, --quiet', 'nothing but the answer; errors are still told');
}
