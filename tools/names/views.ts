/** Views of a drawn picture as the eye is fed: on some ground, larger or smaller, shifted, a little turned, in other colours. */
import { uniform } from '../../src/decode/uniform.ts';

/** Rows from the top, four bytes a pixel. */
export interface Drawn {
  readonly side: number;
  readonly rgba: Uint8Array; // [side, side, 4]
}

export interface View {
  /** Of the picture's side in the view's. */
  readonly scale: number;
  /** Of the middle, in shares of the view's side. */
  readonly shift: readonly [number, number];
  readonly degrees: number;
  readonly mirrored: boolean;
  readonly saturation: number;
  readonly brightness: number;
  /** Turns the hue, in radians. */
  readonly hue: number;
  readonly ground: Ground;
}

interface Ground {
  /** Above and below, or left and right. */
  readonly colours: readonly [Colour, Colour];
  readonly across: boolean;
  readonly noise: number;
}

type Colour = readonly [number, number, number];

const WHITE: Colour = [255, 255, 255];

/** As it is given to be looked at: whole, on white. */
export const PLAIN_VIEW: View = {
  ...{ scale: 1, shift: [0, 0], degrees: 0, mirrored: false, saturation: 1, brightness: 1, hue: 0 },
  ground: { colours: [WHITE, WHITE], across: false, noise: 0 },
};

/** Flags keep their colours and their left and right. */
export function drawnView(seed: number, of: 'concept' | 'flag'): View {
  const flag = of === 'flag';
  let draws = 0;
  const random = () => uniform(seed, draws++);
  const between = (low: number, high: number) => low + (high - low) * random();
  const scale = between(0.5, 1.05);
  const slack = Math.max(0, 1 - scale) / 2;
  return {
    scale,
    shift: [between(-slack, slack), between(-slack, slack)],
    degrees: between(-12, 12),
    mirrored: random() < 0.5 && !flag,
    saturation: random() < 0.1 && !flag ? 0 : between(0.7, 1.3),
    brightness: between(0.8, 1.2),
    hue: between(-0.3, 0.3) * (flag ? 0.25 : 1),
    ground: drawnGround(random),
  };
}

function drawnGround(random: () => number): Ground {
  const colour = (): Colour => [255 * random(), 255 * random(), 255 * random()];
  const kind = random();
  const first: Colour = kind < 0.4 ? WHITE : kind < 0.5 ? [0, 0, 0] : colour();
  const second = kind < 0.8 ? first : colour();
  return { colours: [first, second], across: random() < 0.5, noise: random() < 0.2 ? 40 : 0 };
}

/** Pixels as the eye reads them, (x - 127) / 128, colour after colour: [3, side, side] */
export function renderView(drawn: Drawn, view: View, side: number, seed: number): Float32Array {
  const pixels = new Float32Array(3 * side * side);
  const angle = (view.degrees * Math.PI) / 180;
  const zoom = drawn.side / (side * view.scale);
  const [cos, sin] = [Math.cos(angle) * zoom, Math.sin(angle) * zoom];
  const turn = colourTurn(view);
  const [first, second] = view.ground.colours;
  const found = new Float64Array(4);
  const colour = new Float64Array(3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [dx, dy] = [
        x + 0.5 - side * (0.5 + view.shift[0]),
        y + 0.5 - side * (0.5 + view.shift[1]),
      ];
      const from = cos * dx + sin * dy;
      const column = (view.mirrored ? -from : from) + drawn.side / 2 - 0.5;
      sample(drawn, column, cos * dy - sin * dx + drawn.side / 2 - 0.5, found);
      const opaque = (found[3] as number) / 255;
      const along = (view.ground.across ? x : y) / side;
      for (let c = 0; c < 3; c++) {
        const ground = (first[c] as number) * (1 - along) + (second[c] as number) * along;
        colour[c] = (found[c] as number) + (1 - opaque) * ground;
      }
      const noise =
        view.ground.noise === 0
          ? 0
          : view.ground.noise * (noiseAt(seed, y * side + x) - 0.5) * (1 - opaque);
      for (let c = 0; c < 3; c++) {
        const mixed =
          (turn[3 * c] as number) * (colour[0] as number) +
          (turn[3 * c + 1] as number) * (colour[1] as number) +
          (turn[3 * c + 2] as number) * (colour[2] as number);
        const value = Math.round(Math.min(255, Math.max(0, mixed + noise)));
        pixels[(c * side + y) * side + x] = (value - 127) / 128;
      }
    }
  }
  return pixels;
}

/** Adds what lies around a place, its colours times how opaque they are; nothing outside. */
function sample({ side, rgba }: Drawn, x: number, y: number, found: Float64Array): void {
  found.fill(0);
  const [left, top] = [Math.floor(x), Math.floor(y)];
  for (let row = top; row <= top + 1; row++) {
    for (let column = left; column <= left + 1; column++) {
      if (row < 0 || column < 0 || row >= side || column >= side) continue;
      const share = (1 - Math.abs(x - column)) * (1 - Math.abs(y - row));
      const at = 4 * (row * side + column);
      const alpha = share * (rgba[at + 3] as number);
      for (let c = 0; c < 3; c++) {
        found[c] = (found[c] as number) + (alpha * (rgba[at + c] as number)) / 255;
      }
      found[3] = (found[3] as number) + alpha;
    }
  }
}

/** Saturation, brightness and a turn about the grey axis as one matrix. [3, 3] */
function colourTurn({ saturation, brightness, hue }: View): Float64Array {
  const [cos, sin] = [saturation * Math.cos(hue), saturation * Math.sin(hue)];
  const third = 1 / 3;
  const along = Math.sqrt(third) * sin;
  return Float64Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [Math.floor(at / 3), at % 3];
    const grey = third * (1 - cos);
    if (row === column) return brightness * (grey + cos);
    return brightness * (grey + ((column - row + 3) % 3 === 1 ? -along : along));
  });
}

/** Cheap noise that looks the same every time. */
function noiseAt(seed: number, place: number): number {
  const mixed = Math.imul((seed ^ place) + 0x9e3779b9, 0x85ebca6b);
  return (Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35) >>> 8) / 2 ** 24;
}
