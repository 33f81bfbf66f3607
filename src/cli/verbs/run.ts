import { isatty } from 'node:tty';
import { Command, Option } from '@commander-js/extra-typings';
import { MsdError } from '../../contracts/errors.ts';
import type { GenerateEvent, GenerateResult } from '../../contracts/generate.ts';
import { builtInDrafter } from '../../draft/drafters.ts';
import { resolveOptions } from '../../engine/answer/resolve-options.ts';
import { checkPictures } from '../../input/node/check-pictures.ts';
import { answerFlags } from '../flags/answer-flags.ts';
import { given } from '../flags/given.ts';
import { RUN_HELP } from '../flags/help-texts.ts';
import { modelFlags } from '../flags/model-flags.ts';
import { answerLines } from '../print/answer-lines.ts';
import { answerWriter, legendFor } from '../print/answer-writer.ts';
import { comparisonJson } from '../print/comparison-json.ts';
import { comparisonText } from '../print/comparison-text.ts';
import { eventJson } from '../print/event-json.ts';
import { readingNotice } from '../print/reading-notice.ts';
import { wordsOf } from '../print/remedy-words.ts';
import { resultJson } from '../print/result-json.ts';
import { startNotice } from '../print/start-notice.ts';
import { createCancellation } from '../terminal/cancellation.ts';
import { loadShown } from '../terminal/load-shown.ts';
import { type NoticeStream, noticeStream, noticesOn } from '../terminal/notice-stream.ts';
import { createProgress } from '../terminal/progress.ts';
import { streamAnswer } from '../terminal/stream-answer.ts';
import { compareWithPlain } from './run/comparison.ts';
import { misusedSources, readQuestion } from './run/question.ts';
import { readFormat } from './run/read-format.ts';
import { readPrediction } from './run/read-text.ts';
import { isPiped, readStandardInput } from './run/standard-input.ts';

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
    .option(
      '--prediction <file>',
      'a text that the answer may come out as, in parts: those come many tokens a pass',
    )
    .addOption(
      new Option(
        '--schema <file>',
        'answer in JSON that keeps this JSON schema (see below)',
      ).conflicts(['jsonObject', 'regex']),
    )
    .addOption(new Option('--json-object', 'answer in a JSON object').conflicts('regex'))
    .option('--regex <pattern>', 'answer in a text that this regular expression finds')
    .optionsGroup('What is printed:')
    .option('--compare', 'then measure against plain decoding, and check that the words are equal')
    .option('--json', 'print one JSON object once the answer is complete')
    .addOption(
      new Option('--json-lines', 'print a JSON object a line as the answer is written').conflicts(
        'json',
      ),
    )
    .addHelpText('after', RUN_HELP)
    .action(async (prompt, flags, command) => {
      const { model, draft, precision, device, threads, draftPositions, force, ...asked } = flags;
      const { image, messages, prediction, schema, jsonObject, regex, ...shown } = asked;
      const { compare, json, jsonLines, quiet, read, ...settings } = shown;
      const plain = !json && !jsonLines;
      const misused = misusedSources({ prompt, image, messages }) ?? misusedCompare(flags);
      if (misused !== null) command.error(`error: ${misused}`, { exitCode: 2 });
      const answerOnce = async () => {
        const notices = noticeStream(quiet);
        const tell = noticesOn(notices);
        const question = await readQuestion(
          { prompt, image, messages },
          {
            readInput: () => readStandardInput(process.stdin, () => tell(WAITING)),
            ...{ isPiped: isPiped(0), isTerminal: isatty(0), notify: tell },
          },
        );
        const request = {
          ...given(settings),
          ...given({ readText: read }),
          ...(prediction !== undefined && { prediction: await readPrediction(prediction) }),
          ...(await readFormat({ schema, jsonObject, regex })),
          messages: question,
        };
        await checkPictures(resolveOptions(request).images);

        const progress = createProgress(notices);
        const { signal, beGentle, release } = createCancellation(progress.clear);
        if (!plain) beGentle(); // whatever happens, the object is printed
        const loaded = await loadShown(
          { model, draft, precision, device, threads, draftPositions, force },
          progress,
          notices,
        );
        beGentle();
        const { info, generate } = loaded;
        try {
          const events = generate({ ...request, signal });
          const answer = await streamAnswer(jsonLines ? printed(events) : events, {
            onStart: (run, readings) => {
              const legend = plain ? legendFor(run, process.stdout, process.stderr) : null;
              tell(startNotice(run, info, legend) + readingNotice(readings));
            },
            writer: plain ? answerWriter(process.stdout) : { write() {}, end() {}, again() {} },
            progress,
          });
          if (plain) endText(answer, notices);
          tell(answerLines(answer, info.contextLength, { compared: compare === true }));
          const comparison =
            compare && answer.finishReason !== 'cancelled'
              ? await compareWithPlain(loaded, request, answer, signal)
              : null;
          if (comparison !== null) noticesOn(process.stderr)(comparisonText(comparison));
          if (!plain) {
            const more = comparison && { compare: comparisonJson(comparison) };
            printJson({ ...(jsonLines && { type: 'done' }), ...resultJson(answer), ...more });
          }
          if (comparison?.difference) process.exitCode = 1;
        } finally {
          await loaded.dispose();
          release();
        }
      };
      await answerOnce().catch((error: unknown) => {
        if (!plain && MsdError.is(error)) printJson(errorJson(error, jsonLines));
        throw error;
      });
    });
}

const WAITING =
  'Waiting for text on standard input, which goes behind the prompt; for none, add </dev/null.\n';

const printJson = (object: object): boolean => process.stdout.write(`${JSON.stringify(object)}\n`);

/** A failure, for those who read standard output alone. */
const errorJson = (error: MsdError, jsonLines: true | undefined) => ({
  ...(jsonLines && { type: 'error' }),
  error: { code: error.code, message: wordsOf(error) },
});

/** Prints events as they pass. */
async function* printed(events: AsyncIterable<GenerateEvent>): AsyncGenerator<GenerateEvent> {
  for await (const event of events) {
    const line = eventJson(event);
    if (line !== null) printJson(line);
    yield event;
  }
}

function misusedCompare({ compare, drafter }: { compare?: true; drafter: string }): string | null {
  if (!compare || builtInDrafter(drafter)?.drafts !== false) return null;
  return `--compare needs a drafter to compare; --drafter ${drafter} is plain decoding itself.`;
}

/** Ends the line of the text: on a terminal; a pipe gets exactly the answer, so there the notices begin a new line. */
function endText({ text }: GenerateResult, notices: NoticeStream): void {
  if (text === '' || text.endsWith('\n')) return;
  (process.stdout.isTTY ? process.stdout : notices).write('\n');
}
