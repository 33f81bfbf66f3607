import type { PictureReading } from '../../contracts/reading.ts';

/**
 * What was read of a picture, for scripts and clients: boxes as [x, y] of their corners in pixels, from the top left of the
 * text, clockwise, and of a chart its names with their numbers, and which of them, counted from 0, is the most and the least.
 */
export const readingJson = ({ text, lines, chart, leftOut }: PictureReading) => ({
  text,
  lines: lines.map(({ text, confidence, box }) => ({
    text,
    confidence,
    box: box.map(({ x, y }) => [x, y]),
  })),
  ...(chart && { chart }),
  left_out: leftOut,
});
