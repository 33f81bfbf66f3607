import type { PictureReading } from '../../contracts/reading.ts';

/**
 * What was read of pictures, for scripts: boxes as [x, y] of their corners, from the top left of the text, clockwise, and of a
 * chart its names with their numbers, and which of them, counted from 0, is the most and the least.
 */
export const readingsJson = (readings: readonly PictureReading[]) =>
  readings.map(({ picture, text, lines, chart, leftOut }) => ({
    picture,
    text,
    lines: lines.map(({ text, confidence, box }) => ({
      text,
      confidence,
      box: box.map(({ x, y }) => [x, y]),
    })),
    ...(chart && { chart }),
    left_out: leftOut,
  }));
