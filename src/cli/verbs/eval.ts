import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { SUITE_NAMES, type SuiteName } from '../../evaluate/suites/suite.ts';
import { given } from '../flags/given.ts';
import { loadFlags } from '../flags/model-flags.ts';
import { wholeNumber } from '../flags/parse-flags.ts';

/**
 * `msd eval`: what a model that sees answers right, plain and speculative. Exit code 1 if any answer fails or differs from plain's, 130
 * after Ctrl-C; what was asked until then is reported.
 */
export function evalCommand() {
  return loadFlags(new Command('eval'))
    .description('ask a model what nothing was learnt from, plain and speculative')
    .optionsGroup('What is asked:')
    .option('--suite <name>', `${SUITE_NAMES.join(', ')}; repeat for several (default: all)`, suite)
    .option('--most <n>', 'questions of a suite, drawn from all (default: all)', wholeNumber)
    .option('--max-tokens <n>', 'most tokens of an answer', wholeNumber, 32)
    .optionsGroup('What is printed:')
    .option('--out <file>', 'write the report as JSON to this file too')
    .option('--html <file>', 'write it as a page with pictures')
    .option('--json', 'print the report as one JSON object')
    .option('-q, --quiet', 'no progress; the report and errors are still told')
    .addHelpText('after', HELP)
    .action(async ({ suite: names = SUITE_NAMES, most, maxTokens, out, html, json, ...flags }) => {
      const { quiet, model, draft, draftPositions, force, precision, device, threads } = flags;
      const { askSuites } = await import('./eval/ask-suites.ts');
      await askSuites({
        load: given({ model, draft, draftPositions, force, precision, device, threads }),
        ...given({ most, quiet, json, out, html }),
        ...{ names, maxTokens },
      });
    });
}

function suite(value: string, before: readonly SuiteName[] | undefined): readonly SuiteName[] {
  const name = SUITE_NAMES.find((one) => one === value);
  if (name === undefined)
    throw new InvalidArgumentError(`It must be one of ${SUITE_NAMES.join(', ')}.`);
  return [...(before ?? []), name];
}

const HELP = `
Examples:
  msd eval --model embedded --html eval.html
  msd eval --model embedded --suite photographs --suite flags --precision w8a8
  msd eval --model embedded --suite emoji --most 200 --out eval.json
  msd eval --model embedded --suite documents --suite charts --html eval.html

Pages, documents and charts are drawn, the same every time. What they are drawn of, and all other pictures, come from packages that
are fetched the first time, into \`pictures\` of the cache: fonts, tables, emoji and flags with npm, photographs of scikit-image and
scikit-learn with pip, and those of tuxpaint-stamps-default with apt-get (160 MB). Photographs of packages that can't be fetched are
left out and named in the report. Text in pictures is read for the model where \`msd run\` has it read. What is right stands in the
program, by the question or, for emoji, by the labels and tags of CLDR.`;
