import type { GenerateEvent, GenerateResult, RunInfo } from '../../contracts/generate.ts';
import type { PictureReading } from '../../contracts/reading.ts';
import type { AnswerWriter } from '../print/answer-writer.ts';
import type { Progress } from './progress.ts';

/** Where an answer goes while it is written. */
export interface AnswerView {
  readonly onStart: (run: RunInfo, readings: readonly PictureReading[]) => void;
  /** Takes the text piece by piece; a piece is never empty. */
  readonly writer: AnswerWriter;
  readonly progress: Progress;
}

/** Shows an answer as it comes. The progress of reading the prompt is gone before the first word. */
export async function streamAnswer(
  events: AsyncIterable<GenerateEvent>,
  { onStart, writer, progress }: AnswerView,
): Promise<GenerateResult> {
  try {
    for await (const event of events) {
      if (event.type === 'start') {
        onStart(event.run, event.readings ?? []);
        progress.start('reading the prompt');
      } else if (event.type === 'prefill') progress.update(event.done, event.total);
      else if (event.type === 'done') return event.result;
      else if (event.type === 'token' && event.text !== '') {
        progress.clear();
        writer.write(event.text, event.drafted);
      }
    }
  } finally {
    progress.clear();
    writer.end();
  }
  throw new TypeError('an answer ended without a result');
}
