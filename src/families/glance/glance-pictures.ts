import * as z from 'zod';
import type { PictureReader } from '../../contracts/image.ts';
import type { JsonFile } from '../../contracts/model-folder.ts';
import { floatTensor } from '../../contracts/session.ts';
import type { Tokenizer } from '../../input/tokenizer.ts';
import { processImage } from '../clip/process-image.ts';
import {
  otherProcessor,
  parsePreprocessor,
  pixelFields,
  pixelSettings,
  side,
} from '../preprocessor-file.ts';
import type { GlanceConfig } from './glance-config.ts';

const WHITE = [255, 255, 255] as const;
/** What a classifier of TensorFlow reads: (x - 127) / 128. */
const PIXELS = { resample: 'bicubic', mean: [127, 127, 127], std: [128, 128, 128] } as const;

const schema = z.object({
  ...pixelFields,
  do_rescale: z.boolean().default(false),
  image_processor_type: z.literal('GlanceImageProcessor').optional(),
  size: z.object({ height: side, width: side }).optional(),
});

/**
 * Pictures on white, squared in white, made smaller. In the prompt a sentence holds the names, and the grid follows it: a
 * decoder that never saw a picture reads that as it reads words.
 * @throws CheckpointError where the files are of another picture size
 */
export function glancePictures(
  { eye, nameTokens, gridSize, imageTokenId, names }: GlanceConfig,
  { preprocessor, tokenizer }: { readonly preprocessor: JsonFile; readonly tokenizer: Tokenizer },
): PictureReader {
  const { imageSize } = eye;
  const fields = parsePreprocessor(schema, preprocessor, 'Glance');
  const { width, height } = fields.size ?? { width: imageSize, height: imageSize };
  if (width !== imageSize || height !== imageSize) {
    const problem = `makes pictures ${width} x ${height} but the eye reads ${imageSize} x ${imageSize}`;
    throw otherProcessor(preprocessor, problem);
  }
  const processor = { ...pixelSettings(fields, PIXELS), pad: WHITE, resize: { width, height } };
  const words = (text: string) => [...tokenizer.encode(text, { addSpecialTokens: false })];
  const visual = (count: number) => Array<number>(count).fill(imageTokenId);
  const ids = [
    ...words('This is a picture of a'),
    ...visual(nameTokens),
    ...words(' or a'),
    ...visual(nameTokens),
    ...words('. '),
    ...visual(gridSize ** 2),
    ...words('\n'),
  ];
  return {
    ground: 'white',
    layout: () => ({ ids }),
    ...(names && {
      named: (numbers) =>
        Array.from(numbers, (number) =>
          Int32Array.from(words(` ${names[number]}`).slice(0, nameTokens)),
        ),
    }),
    feeds(image) {
      const { data } = processImage(image, processor);
      return { pixels: floatTensor(data, [1, 3, imageSize, imageSize]) };
    },
  };
}
