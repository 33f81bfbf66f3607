import type { RgbImage } from '../../../contracts/image.ts';
import { line } from './line.ts';

export type Rgb = readonly [number, number, number];

export const RED: Rgb = [200, 60, 50];
export const BLUE: Rgb = [60, 90, 190];
export const GREEN: Rgb = [70, 160, 90];

const SIZE = { width: 400, height: 240 };
const CENTRE = { x: 120, y: 120 };
const RADIUS = 80;
const LEGEND = { x: 300, y: 40, step: 30, patch: 10 };

/** A slice: its colour, its share of the whole, and the number printed at it. */
export interface Slice {
  readonly colour: Rgb;
  readonly share: number;
  readonly number: string;
}

/** A pie on white, clockwise from the top, and a legend of names, each beside its patch. */
export function pie(slices: readonly Slice[], legend: readonly (readonly [string, Rgb])[]) {
  const data = new Uint8Array(SIZE.width * SIZE.height * 3).fill(255);
  const paint = (x: number, y: number, colour: Rgb) => data.set(colour, (y * SIZE.width + x) * 3);
  const ends = slices.map((_, at) =>
    slices.slice(0, at + 1).reduce((sum, { share }) => sum + share, 0),
  );
  for (let y = 0; y < SIZE.height; y++) {
    for (let x = 0; x < SIZE.width; x++) {
      const [dx, dy] = [x - CENTRE.x, y - CENTRE.y];
      const turn = (Math.atan2(dx, -dy) / (2 * Math.PI) + 1) % 1;
      const slice = slices[ends.findIndex((end) => turn < end)];
      if (Math.hypot(dx, dy) < RADIUS && slice) paint(x, y, slice.colour);
    }
  }
  const names = legend.map(([name, colour], at) => {
    const top = LEGEND.y + at * LEGEND.step;
    for (let y = 0; y < LEGEND.patch; y++) {
      for (let x = 0; x < LEGEND.patch; x++) paint(LEGEND.x + x, top + y, colour);
    }
    return line(name, LEGEND.x + 45, top - 3, 50);
  });
  const numbers = slices.map(({ number, share }, at) => {
    const turn = ((ends[at] as number) - share / 2) * 2 * Math.PI;
    const [x, y] = [Math.sin(turn), -Math.cos(turn)].map((part) => (RADIUS + 20) * part);
    return line(number, CENTRE.x + (x as number), CENTRE.y + (y as number) - 8, 20);
  });
  const image: RgbImage = { ...SIZE, data };
  return { image, names, numbers };
}
