import type { PictureReading } from '../../contracts/reading.ts';

/** What was read of pictures, for scripts: boxes as [x, y] of their corners, from the top left of the text, clockwise. */
export const readingsJson = (readings: readonly PictureReading[]) =>
  readings.map(({ picture, text, lines, leftOut }) => ({
    picture,
    text,
    lines: lines.map(({ text, confidence, box }) => ({
      text,
      confidence,
      box: box.map(({ x, y }) => [x, y]),
    })),
    left_out: leftOut,
  }));
