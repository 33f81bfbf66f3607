import { Command } from '@commander-js/extra-typings';
import type { GenerateResult } from '../../contracts/generate.ts';
import { builtInDrafter } from '../../draft/drafters.ts';
import { resolveOptions } from '../../engine/answer/resolve-options.ts';
import { checkPictures } from '../../input/node/check-pictures.ts';
import { answerFlags } from '../flags/answer-flags.ts';
import { given } from '../flags/given.ts';
import { RUN_HELP } from '../flags/help-texts.ts';
import { modelFlags } from '../flags/model-flags.ts';
import { answerLine } from '../print/answer-line.ts';
import { answerWriter, legendFor } from '../print/answer-writer.ts';
import { comparisonJson } from '../print/comparison-json.ts';
import { comparisonText } from '../print/comparison-text.ts';
import { resultJson } from '../print/result-json.ts';
import { startNotice } from '../print/start-notice.ts';
import { createCancellation } from '../terminal/cancellation.ts';
import { loadShown } from '../terminal/load-shown.ts';
import { createProgress } from '../terminal/progress.ts';
import { streamAnswer } from '../terminal/stream-answer.ts';
import { compareWithPlain } from './run/comparison.ts';
import { misusedSources, readQuestion } from './run/question.ts';

/**
 * `msd run`: one answer. Text goes to stdout as it comes, everything else to stderr. Exit code 1 if --compare finds
 * other words, 130 after Ctrl-C, which leaves the text so far.
 */
export function runCommand() {
  return answerFlags(modelFlags(new Command('run')))
    .description('answer one prompt, and say what it took')
    .argument('[PROMPT]', 'the words to answer; - reads them from standard input')
    .optionsGroup('What is asked:')
    .option('--messages <file>', 'chat messages as JSON, instead of PROMPT (see below)')
    .optionsGroup('What is printed:')
    .option('--compare', 'then measure against plain decoding, and check that the words are equal')
    .option('--json', 'print one JSON object once the answer is complete')
    .addHelpText('after', RUN_HELP)
    .action(async (prompt, flags, command) => {
      const { model, draft, precision, device, threads, draftPositions, force, ...asked } = flags;
      const { image, messages, compare, json, ...settings } = asked;
      const misused = misusedSources({ prompt, image, messages }) ?? misusedCompare(flags);
      if (misused !== null) command.error(`error: ${misused}`, { exitCode: 2 });
      const tell = (text: string) => process.stderr.write(text);
      const question = await readQuestion({ prompt, image, messages }, process.stdin, tell);
      const request = { ...given(settings), messages: question };
      await checkPictures(resolveOptions(request).images);

      const progress = createProgress(process.stderr);
      const { signal, beGentle, release } = createCancellation(progress.clear);
      if (json) beGentle(); // whatever happens, the object is printed
      const loaded = await loadShown(
        { model, draft, precision, device, threads, draftPositions, force },
        progress,
      );
      beGentle();
      const { info, generate } = loaded;
      try {
        const answer = await streamAnswer(generate({ ...request, signal }), {
          onStart: (run) => {
            const legend = json ? null : legendFor(run, process.stdout, process.stderr);
            tell(startNotice(run, info, legend));
          },
          write: json ? () => {} : answerWriter(process.stdout),
          progress,
        });
        if (!json) endText(answer);
        tell(answerLine(answer, info.costs));
        const comparison =
          compare && answer.finishReason !== 'cancelled'
            ? await compareWithPlain(generate, request, answer, signal)
            : null;
        if (comparison !== null) tell(comparisonText(comparison));
        if (json) {
          const more = comparison && { compare: comparisonJson(comparison) };
          process.stdout.write(`${JSON.stringify({ ...resultJson(answer), ...more })}\n`);
        }
        if (comparison?.difference) process.exitCode = 1;
      } finally {
        await loaded.dispose();
        release();
      }
    });
}

function misusedCompare({ compare, drafter }: { compare?: true; drafter: string }): string | null {
  if (!compare || builtInDrafter(drafter)?.drafts !== false) return null;
  return `--compare needs a drafter to compare; --drafter ${drafter} is plain decoding itself.`;
}

/** Ends the line of the text: on a terminal; a pipe gets exactly the answer, so there the notices begin a new line. */
function endText({ text }: GenerateResult): void {
  if (text === '' || text.endsWith('\n')) return;
  (process.stdout.isTTY ? process.stdout : process.stderr).write('\n');
}
