import sharp from 'sharp';
import { uniform } from '../../src/decode/uniform.ts';

/** A shape as a test of a point in its own square, -1 to 1 both ways. */
const SHAPES: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => x * x + y * y < 1, // disc
  (x, y) => x * x + y * y < 1 && x * x + y * y > 0.35, // ring
  (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.9, // square
  (x, y) => Math.abs(x) + Math.abs(y) < 1, // diamond
  (x, y) => Math.abs(x) < 1 && Math.abs(y) < 0.3, // bar
  (x, y) => Math.min(Math.abs(x), Math.abs(y)) < 0.3, // cross
  (x, y) => y < 0.9 && Math.abs(x) < (y + 1) / 2, // triangle
];

/** Sides are 5 to 150 pixels and odd. */
const sideOf = (share: number) => 5 + 2 * Math.floor(share * 73);

/** A PNG of one to four coloured shapes, another for each number, the same on every machine. */
export async function drawPicture(number: number): Promise<Uint8Array> {
  let draws = 0;
  const random = () => uniform(number, draws++);
  const colour = () => [random(), random(), random()].map((share) => Math.floor(share * 256));
  const [width, height] = [sideOf(random()), sideOf(random())];
  const background = colour();
  const shapes = Array.from({ length: 1 + Math.floor(random() * 4) }, () => ({
    covers: SHAPES[Math.floor(random() * SHAPES.length)] as (typeof SHAPES)[number],
    colour: colour(),
    x: random() * width,
    y: random() * height,
    radius: (0.1 + 0.3 * random()) * Math.min(width, height),
  }));
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const top = shapes.findLast((one) =>
        one.covers((x - one.x) / one.radius, (y - one.y) / one.radius),
      );
      data.set(top?.colour ?? background, (y * width + x) * 3);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
