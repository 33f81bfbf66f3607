import type { PictureReading } from '../../contracts/reading.ts';
import { readingJson } from '../../input/reading/reading-json.ts';

/** What was read of pictures, each by its place in the prompt. */
export const readingsJson = (readings: readonly PictureReading[]) =>
  readings.map((reading) => ({ picture: reading.picture, ...readingJson(reading) }));
