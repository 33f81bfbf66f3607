/**
 * Pictures for Qwen2-VL's towers, equal to Hugging Face's slow Qwen2VLImageProcessor: resized to whole squares of
 * patches within bounds of pixels, normalised, cut into patches square by square, each repeated for every frame.
 */
import { ImageError } from '../../contracts/errors.ts';
import type { PictureReader, RgbImage } from '../../contracts/image.ts';
import { floatTensor, type Tensor } from '../../contracts/session.ts';
import { normalizedValues } from '../../input/normalized-values.ts';
import { resample } from '../../input/resample.ts';
import type { QwenVlProcessorConfig } from './qwen-vl-processor-config.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** @param towerFeeds what the tower is fed besides the pixels, by the rows and columns of the embeddings */
export function qwenVlPictures(
  processor: QwenVlProcessorConfig,
  {
    imageTokenId,
    towerFeeds,
  }: {
    readonly imageTokenId: number;
    readonly towerFeeds: (grid: Size) => Readonly<Record<string, Tensor>>;
  },
): PictureReader {
  const square = processor.patchSize * processor.mergeSize;
  const gridOf = (size: Size): Size => {
    const { width, height } = smartResize(size, processor);
    return { width: width / square, height: height / square };
  };
  return {
    layout(size) {
      const grid = gridOf(size);
      return { ids: Array<number>(grid.width * grid.height).fill(imageTokenId), grid };
    },
    feeds(image) {
      const grid = gridOf(image);
      const [width, height] = [grid.width * square, grid.height * square];
      const pixels = cutPatches(resample(image, width, height, processor.resample), processor);
      return { pixels, ...towerFeeds(grid) };
    },
  };
}

const MOST_ASPECT = 200;

/**
 * The size that a picture is read in (`smart_resize`): sides of whole squares of patches, near the picture's own, scaled
 * where the area leaves the bounds.
 * @throws ImageError where one side is more than 200 times the other
 */
export function smartResize(
  { width, height }: Size,
  {
    patchSize,
    mergeSize,
    minPixels,
    maxPixels,
  }: Pick<QwenVlProcessorConfig, 'patchSize' | 'mergeSize' | 'minPixels' | 'maxPixels'>,
): Size {
  if (Math.max(width, height) / Math.min(width, height) > MOST_ASPECT) {
    throw new ImageError(
      `of ${width} x ${height}`,
      `one side is more than ${MOST_ASPECT} times the other, which this model can't read; crop it.`,
    );
  }
  const square = patchSize * mergeSize;
  const near = {
    width: roundHalfToEven(width / square) * square,
    height: roundHalfToEven(height / square) * square,
  };
  const area = near.width * near.height;
  if (area > maxPixels) {
    const shrink = Math.sqrt((height * width) / maxPixels);
    const within = (side: number) => Math.max(square, Math.floor(side / shrink / square) * square);
    return { width: within(width), height: within(height) };
  }
  if (area < minPixels) {
    const grow = Math.sqrt(minPixels / (height * width));
    const beyond = (side: number) => Math.ceil((side * grow) / square) * square;
    return { width: beyond(width), height: beyond(height) };
  }
  return near;
}

/** Python's `round`. */
function roundHalfToEven(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  if (rest !== 0.5) return rest < 0.5 ? down : down + 1;
  return down % 2 === 0 ? down : down + 1;
}

/** One row per patch, in the order of a 3-D convolution's weights: [p, 3 · frames · patchSize²] */
function cutPatches(image: RgbImage, processor: QwenVlProcessorConfig): Tensor {
  const { patchSize, mergeSize, temporalPatchSize: frames } = processor;
  const square = patchSize * mergeSize;
  const values = [0, 1, 2].map((channel) => normalizedValues(channel, processor));
  const plane = patchSize ** 2;
  const patches = (image.width * image.height) / plane;
  const row = 3 * frames * plane;
  const data = new Float32Array(patches * row);
  let at = 0;
  for (let top = 0; top < image.height; top += square) {
    for (let left = 0; left < image.width; left += square) {
      for (let patch = 0; patch < mergeSize ** 2; patch++, at += row) {
        const y = top + Math.floor(patch / mergeSize) * patchSize;
        const x = left + (patch % mergeSize) * patchSize;
        for (const [channel, value] of values.entries()) {
          const first = at + channel * frames * plane;
          let to = first;
          for (let line = y; line < y + patchSize; line++) {
            const from = (line * image.width + x) * 3 + channel;
            for (let i = 0; i < patchSize; i++, to++) {
              data[to] = value[image.data[from + i * 3] as number] as number;
            }
          }
          for (let frame = 1; frame < frames; frame++) {
            data.copyWithin(first + frame * plane, first, first + plane);
          }
        }
      }
    }
  }
  return floatTensor(data, [patches, row]);
}
