/**
 * Pixels for a CLIP tower, equal to Hugging Face's slow CLIPImageProcessor (transformers `image_transforms.py`): resize,
 * centre crop, rescale, normalise, channels first; before it, LlavaImageProcessor's padding to a square. An 8-bit value
 * has 256 results per channel, so the float work is a table.
 */
import { ImageError } from '../../contracts/errors.ts';
import type { RgbImage } from '../../contracts/image.ts';
import { normalizedValues } from '../../input/normalized-values.ts';
import { padToCentre } from '../../input/pad-to-centre.ts';
import { resampleWindow } from '../../input/resample.ts';
import type { ClipProcessorConfig } from './clip-processor-config.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels of one picture. */
interface PixelValues {
  readonly data: Float32Array; // [3, height, width]
  readonly height: number;
  readonly width: number;
}

/** Most pixels of a padded picture, as many as a picture file may have by default. */
const MAX_SQUARE = 100_000_000;

/**
 * Pixel values of one picture: [3, height, width], of the crop's size, or of the resized picture if there is no crop.
 * @throws ImageError where padding would make too large a square
 */
export function processImage(picture: RgbImage, config: ClipProcessorConfig): PixelValues {
  const image = config.pad === undefined ? picture : padToSquare(picture, config.pad);
  const resized = resizedSize(image, config.resize);
  const { width, height } = config.crop ?? resized;
  // Where the crop starts in the resized picture; negative where the crop is larger and zeros surround the picture.
  const left = Math.floor((resized.width - width) / 2);
  const top = Math.floor((resized.height - height) / 2);
  const window = {
    left: Math.max(left, 0),
    top: Math.max(top, 0),
    width: Math.min(width, resized.width),
    height: Math.min(height, resized.height),
  };
  const visible = resampleWindow(image, resized.width, resized.height, config.resample, window);

  const data = new Float32Array(3 * height * width);
  for (let channel = 0; channel < 3; channel++) {
    const value = normalizedValues(channel, config);
    const plane = channel * height * width;
    data.fill(value[0] as number, plane, plane + height * width);
    for (let y = 0; y < window.height; y++) {
      const to = plane + (y + window.top - top) * width + window.left - left;
      const from = y * window.width * 3 + channel;
      for (let x = 0; x < window.width; x++) {
        data[to + x] = value[visible.data[from + x * 3] as number] as number;
      }
    }
  }
  return { data, height, width };
}

/** `expand2square` of the original LLaVA. */
function padToSquare(image: RgbImage, colour: readonly number[]): RgbImage {
  const side = Math.max(image.width, image.height);
  if (side === Math.min(image.width, image.height)) return image;
  if (side ** 2 <= MAX_SQUARE) return padToCentre(image, side, side, colour);
  throw new ImageError(
    `of ${image.width} x ${image.height} pixels`,
    `this model pads it to a square, and more than ${Math.sqrt(MAX_SQUARE)} pixels a side are too many; crop it or make it smaller.`,
  );
}

/** The long side is cut to an integer, not rounded. */
function resizedSize({ width, height }: Size, resize: ClipProcessorConfig['resize']): Size {
  if (resize === undefined) return { width, height };
  if ('width' in resize) return resize;
  const short = resize.shortestEdge;
  const long = Math.trunc((short * Math.max(width, height)) / Math.min(width, height));
  return width <= height ? { width: short, height: long } : { width: long, height: short };
}
