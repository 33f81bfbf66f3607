import sharp from 'sharp';
import { uniform } from '../../src/decode/uniform.ts';
import { drawScene, type Scene, type SceneShape } from './draw-scene.ts';

const BACKGROUNDS: readonly Scene['background'][] = ['white', 'cream', 'sky', 'grey'];
const SIZES: readonly SceneShape['size'][] = ['large', 'small'];
const COLOURS: readonly SceneShape['colour'][] = [
  'red',
  'orange',
  'yellow',
  'green',
  'blue',
  'purple',
  'pink',
  'black',
];
const KINDS: readonly SceneShape['kind'][] = [
  'circle',
  'ring',
  'square',
  'bar',
  'cross',
  'diamond',
  'triangle',
  'star',
];
const PLACES: readonly SceneShape['place'][] = [
  'top left',
  'top right',
  'bottom left',
  'bottom right',
];

/** A PNG of one to four shapes, sides odd and from 5 to 149; another for each number, the same on every machine. */
export async function drawPicture(number: number): Promise<Uint8Array> {
  let draws = 0;
  const below = (n: number) => Math.floor(uniform(number, draws++) * n);
  const one = <T>(list: readonly T[]) => list[below(list.length)] as T;
  const { width, height, data } = drawScene({
    width: 5 + 2 * below(73),
    height: 5 + 2 * below(73),
    background: one(BACKGROUNDS),
    shapes: Array.from({ length: 1 + below(4) }, () => ({
      size: one(SIZES),
      colour: one(COLOURS),
      kind: one(KINDS),
      place: one(PLACES),
    })),
  });
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
