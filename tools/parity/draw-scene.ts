/**
 * Pictures of plain shapes on a plain ground, as the tiny pair was trained on, drawn so that a clone has something
 * to look at without a file.
 */
import type { RgbImage } from '../../src/contracts/image.ts';

export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly background: keyof typeof BACKGROUNDS;
  readonly shapes: readonly SceneShape[];
}

export interface SceneShape {
  readonly size: keyof typeof SIZES;
  readonly colour: keyof typeof COLOURS;
  readonly kind: keyof typeof SHAPES;
  readonly place: keyof typeof PLACES;
}

type Rgb = readonly [number, number, number];

const BACKGROUNDS = {
  white: [250, 250, 250],
  cream: [250, 236, 200],
  sky: [180, 215, 245],
  grey: [170, 170, 170],
} satisfies Record<string, Rgb>;

const COLOURS = {
  red: [214, 40, 40],
  orange: [245, 130, 32],
  yellow: [245, 205, 30],
  green: [46, 139, 60],
  blue: [38, 84, 200],
  purple: [128, 50, 160],
  pink: [245, 130, 180],
  black: [20, 20, 20],
} satisfies Record<string, Rgb>;

/** Half a shape's width, as a share of the middle square: a processor that crops keeps no more of the picture. */
const SIZES = { large: 0.2, small: 0.11 };

/** Centres in the middle square. */
const PLACES = {
  'top left': [0.26, 0.26],
  'top right': [0.74, 0.26],
  'bottom left': [0.26, 0.74],
  'bottom right': [0.74, 0.74],
} satisfies Record<string, readonly [number, number]>;

/** Whether a point lies in the shape; x to the right and y down, each from -1 to 1. */
const SHAPES = {
  circle: (x, y) => Math.hypot(x, y) <= 1,
  ring: (x, y) => Math.hypot(x, y) <= 1 && Math.hypot(x, y) >= 0.62,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= 0.86,
  bar: (x, y) => Math.abs(x) <= 1 && Math.abs(y) <= 0.3,
  cross: (x, y) =>
    Math.min(Math.abs(x), Math.abs(y)) <= 0.33 && Math.abs(x) <= 1 && Math.abs(y) <= 1,
  diamond: (x, y) => Math.abs(x) / 0.7 + Math.abs(y) <= 1,
  triangle: (x, y) => y <= 0.87 && Math.abs(x) <= (y + 1) / 1.87,
  star: (x, y) => Math.hypot(x, y) <= starRadius(Math.atan2(x, -y)),
} satisfies Record<string, (x: number, y: number) => boolean>;

/** Samples per pixel and direction, for smooth edges. */
const SAMPLES = 4;

export function drawScene({ width, height, background, shapes }: Scene): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [left, top] = [pixel % width, Math.floor(pixel / width)];
    let colour: Rgb = BACKGROUNDS[background];
    for (const shape of shapes) {
      const share = coverage(shape, left, top, width, height);
      if (share > 0) colour = blend(colour, COLOURS[shape.colour], share);
    }
    data.set(colour.map(Math.round), pixel * 3);
  }
  return { width, height, data };
}

/** The share of a pixel that the shape covers. */
function coverage(
  { kind, size, place }: SceneShape,
  left: number,
  top: number,
  width: number,
  height: number,
): number {
  const square = Math.min(width, height);
  const half = SIZES[size] * square;
  const [placeX, placeY] = PLACES[place];
  const centreX = width / 2 + (placeX - 0.5) * square;
  const centreY = height / 2 + (placeY - 0.5) * square;
  let inside = 0;
  for (let sample = 0; sample < SAMPLES ** 2; sample++) {
    const x = left + ((sample % SAMPLES) + 0.5) / SAMPLES - centreX;
    const y = top + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES - centreY;
    if (SHAPES[kind](x / half, y / half)) inside += 1;
  }
  return inside / SAMPLES ** 2;
}

function blend(under: Rgb, over: Rgb, share: number): Rgb {
  const mix = (i: 0 | 1 | 2) => under[i] + (over[i] - under[i]) * share;
  return [mix(0), mix(1), mix(2)];
}

/** Outline of a five-pointed star by the angle from its upper point. */
function starRadius(angle: number): number {
  const inner = 0.4;
  const step = Math.PI / 5;
  const turn = Math.abs((((angle % (2 * step)) + 3 * step) % (2 * step)) - step); // 0 at a point, step between two
  // Where the ray meets the edge from (1, 0) to the inner corner at angle `step`.
  const [cornerX, cornerY] = [inner * Math.cos(step), inner * Math.sin(step)];
  return cornerY / (cornerY * Math.cos(turn) + (1 - cornerX) * Math.sin(turn));
}
