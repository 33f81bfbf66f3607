import type { Box } from '../../../contracts/reading.ts';
import type { PlacedLine } from '../text-line.ts';

/** A level line around the middle x, its characters evenly spread. */
export function line(text: string, x: number, y: number, width = 30, height = 16): PlacedLine {
  const [left, right] = [x - width / 2, x + width / 2];
  const corner = (cx: number, cy: number) => ({ x: cx, y: cy });
  const box: Box = [
    corner(left, y),
    corner(right, y),
    corner(right, y + height),
    corner(left, y + height),
  ];
  const places = [...text].map((_, at) => (at + 0.5) / text.length);
  return { text, confidence: 1, box, places };
}
