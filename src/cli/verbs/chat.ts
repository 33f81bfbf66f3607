import { Command } from '@commander-js/extra-typings';
import type { PictureReading } from '../../contracts/reading.ts';
import { resolveOptions } from '../../engine/answer/resolve-options.ts';
import { previewRun } from '../../evaluate/inspect/preview-run.ts';
import { checkPictures } from '../../input/node/check-pictures.ts';
import type { MsdModel } from '../../load.ts';
import { answerFlags } from '../flags/answer-flags.ts';
import { given } from '../flags/given.ts';
import { CHAT_HELP } from '../flags/help-texts.ts';
import { modelFlags } from '../flags/model-flags.ts';
import { answerLines } from '../print/answer-lines.ts';
import { answerWriter, legendFor } from '../print/answer-writer.ts';
import { readingNotice } from '../print/reading-notice.ts';
import { startNotice } from '../print/start-notice.ts';
import { onInterrupt } from '../terminal/interrupts.ts';
import { createLineSource } from '../terminal/line-source.ts';
import { loadShown } from '../terminal/load-shown.ts';
import { noticeStream, noticesOn } from '../terminal/notice-stream.ts';
import { createProgress } from '../terminal/progress.ts';
import { streamAnswer } from '../terminal/stream-answer.ts';
import { createSuspension } from '../terminal/suspension.ts';
import { withoutStops } from '../terminal/without-stops.ts';
import { type ChatWorld, chatLoop } from './chat/chat-loop.ts';
import { createChatPictures } from './chat/chat-pictures.ts';
import { completeLine } from './chat/complete-line.ts';
import { createChatSaver } from './chat/save-chat.ts';

/**
 * `msd chat`: a conversation, line by line, from a terminal or a pipe. Answers go to stdout, everything else to stderr.
 * Exit code 130 if Ctrl-C ends it, 1 if a piped line failed.
 */
export function chatCommand() {
  return answerFlags(modelFlags(new Command('chat')))
    .description('talk with the model; what was read stays in its caches')
    .addHelpText('after', CHAT_HELP)
    .action(async (flags) => {
      const { model, draft, precision, device, threads, draftPositions, force, ...asked } = flags;
      const { image = [], system, quiet, read, ...settings } = asked;
      const request = given({ ...settings, readText: read });
      // Wrong flags are told before the model is loaded.
      const { temperature, seed } = resolveOptions({ ...request, prompt: 'Hello' }).sampling;
      await checkPictures(image);
      const pictures = createChatPictures();
      for (const file of image) await pictures.open(file);

      const tell = noticesOn(process.stderr);
      const notices = noticeStream(quiet);
      const progress = createProgress(notices);
      const writer = answerWriter(process.stdout);
      const suspension = createSuspension(() => performance.now());
      let loaded: MsdModel | undefined;
      let turn: AbortController | undefined;
      let told = 0; // pictures whose reading was told
      const stop = (exitCode: number) => {
        progress.clear();
        if (loaded === undefined || turn?.signal.aborted) process.exit(exitCode);
        turn?.abort();
        if (turn !== undefined && exitCode === STOP_ANSWER) return;
        process.exitCode = exitCode;
        lines.close();
      };
      // Before the model is loaded: what is typed meanwhile is kept for the prompt.
      const lines = createLineSource(process.stdin, process.stderr, {
        interrupt: () => stop(STOP_ANSWER),
        suspend: (resumed) =>
          suspension.suspend(() => {
            resumed();
            if (turn !== undefined) writer.again();
          }),
        complete: completeLine,
      });
      const release = onInterrupt(stop);
      const answerBy =
        ({ info, generate }: MsdModel): ChatWorld['answer'] =>
        async (messages, again) => {
          turn = new AbortController();
          const { signal } = turn;
          const view = {
            onStart: (_: unknown, readings: readonly PictureReading[]) => {
              noticesOn(notices)(readingNotice(readings.slice(told)));
              told = readings.length;
            },
            writer,
            progress,
          };
          const asked = { ...request, seed: seed + again, messages: pictures.within(messages) };
          const from = performance.now();
          try {
            const answer = await streamAnswer(generate({ ...asked, signal }), view);
            const result = withoutStops(answer, suspension.since(from));
            if (result.text !== '') process.stdout.write('\n');
            noticesOn(notices)(answerLines(result, info.contextLength, { compared: false }));
            return result;
          } finally {
            turn = undefined;
          }
        };
      try {
        loaded = await loadShown(
          { model, draft, precision, device, threads, draftPositions, force },
          progress,
          notices,
        );
        const { drafter, tree } = request;
        const run = await previewRun(loaded.generate, given({ drafter, tree }));
        const legend = legendFor(run, process.stdout, process.stderr);
        noticesOn(notices)(startNotice(run, loaded.info, legend));
        const nextLine = (isMore: boolean) => lines.next(isMore ? '… ' : '> ');
        const { open: openPicture } = pictures;
        const world = { nextLine, answer: answerBy(loaded), openPicture, tell };
        const failed = await chatLoop(
          { ...world, save: createChatSaver(), isGreedy: temperature === 0 },
          { pictures: image, ...given({ system }) },
        );
        if (failed && !process.stdin.isTTY) process.exitCode ??= 1;
      } finally {
        lines.close();
        await loaded?.dispose();
        release();
      }
    });
}

/** The exit code of Ctrl-C, which stops only the answer if there is one. */
const STOP_ANSWER = 130;
