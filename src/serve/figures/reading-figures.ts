import type { GenerateResult } from '../../contracts/generate.ts';

/**
 * The text of a request's pictures, where that was read, and what charts show. Boxes are corners in pixels, the first where the
 * line begins.
 */
export function readingFigures({ readings }: Pick<GenerateResult, 'readings'>): object {
  if (readings === undefined) return {};
  return {
    readings: readings.map(({ text, lines, chart, leftOut }) => ({
      text,
      lines: lines.map(({ text, confidence, box }) => ({
        ...{ text, confidence, box: box.map(({ x, y }) => [x, y]) },
      })),
      ...(chart && { chart }),
      left_out: leftOut,
    })),
  };
}
