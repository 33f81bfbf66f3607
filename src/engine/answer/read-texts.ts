import { PromptError } from '../../contracts/errors.ts';
import type { PictureFile } from '../../contracts/image.ts';
import { type Asking, askHost } from '../../contracts/need.ts';
import type { PictureReading } from '../../contracts/reading.ts';
import type { AnswerContext } from './answer-state.ts';
import { digestOf } from './digest.ts';

/**
 * Reads the text of a request's pictures, but for those read lately; those so far if it is cancelled.
 * @throws ImageError; PromptError where a picture without text would leave nothing of it, as the model sees none
 */
export function* readTexts(
  { model, host, reader, pictures: known }: AnswerContext,
  files: readonly PictureFile[],
  cancelled: () => boolean,
): Asking<PictureReading[]> {
  const readings: PictureReading[] = [];
  for (const file of files) {
    if (cancelled()) break;
    const reading = yield* askHost(async () => {
      const digest = await digestOf(file.bytes);
      const before = known.readingOf(digest);
      if (before !== undefined) return before;
      const image = await host.decodeImage(file, { ground: 'white' });
      const fresh = await reader.read(image);
      known.rememberReading(digest, fresh);
      return fresh;
    });
    if (model.pictures === null && reading.lines.length === 0) throw noText(file.name);
    readings.push({ ...reading, picture: file.name });
  }
  return readings;
}

const noText = (picture: string): PromptError =>
  new PromptError(
    `No text was found in picture ${picture}, and this model sees no pictures; ask a vision model.`,
  );
