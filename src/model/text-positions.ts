import type { AxisPositions } from '../contracts/messages.ts';
import { truncatedLength } from './truncated-length.ts';

/** Where the next row of a text stands, for any length that it is cut to: one beyond the highest so far, on any axis. */
export interface TextPositions {
  readonly length: number;
  readonly next: number;
  /** @param highest of each new row, on any axis */
  append(highest: Int32Array): void;
  /** @throws RangeError if there are fewer rows */
  truncate(length: number): void;
  /** Those of the first `length` rows, for another text that begins with them. */
  copy(length: number): TextPositions;
}

/** @param first one beyond the highest so far, of each row that is there already */
export function createTextPositions(first: readonly number[] = []): TextPositions {
  let after = [...first]; // [rows]
  const next = () => after.at(-1) ?? 0;
  return {
    get length() {
      return after.length;
    },
    get next() {
      return next();
    },
    append(highest) {
      for (const position of highest) after.push(Math.max(next(), position + 1));
    },
    truncate(length) {
      after = after.slice(0, truncatedLength(after.length, length));
    },
    copy: (length) => createTextPositions(after.slice(0, truncatedLength(after.length, length))),
  };
}

/** The highest position of each row, on any axis [n]. */
export const highestPositions = ({ time, height, width }: AxisPositions): Int32Array =>
  time.map((at, i) => Math.max(at, height[i] as number, width[i] as number));
