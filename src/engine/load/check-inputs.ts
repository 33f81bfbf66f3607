import type {
  LlavaNextConfig,
  QwenVisionConfig,
  TargetConfig,
  VisionConfig,
} from '../../contracts/checkpoint.ts';
import { CheckpointError, TokenizerError } from '../../contracts/errors.ts';
import type { ImageProcessorConfig } from '../../contracts/image.ts';
import type { Idefics3ProcessorConfig } from '../../families/idefics3/idefics3-processor-config.ts';
import type { LlavaNextProcessorConfig } from '../../families/llava-next/llava-next-processor-config.ts';
import type { QwenVlProcessorConfig } from '../../families/qwen-vl/qwen-vl-processor-config.ts';
import type { Tokenizer } from '../../input/tokenizer.ts';

const sameModel = 'use the files of one and the same model.';

/**
 * Whether words come out of their files as the network of `dir` reads them.
 * @throws TokenizerError where the tokenizer belongs to another model
 */
export function checkTokenizer(
  dir: string,
  { decoder }: TargetConfig,
  imageTokenId: number | undefined,
  tokenizer: Tokenizer,
): void {
  if (tokenizer.vocabSize > decoder.vocabSize) {
    throw new TokenizerError(
      `${dir}: the tokenizer gives ids up to ${tokenizer.vocabSize - 1} but the model's vocabulary ends at ${decoder.vocabSize - 1}; ${sameModel}`,
    );
  }
  if (imageTokenId !== undefined && tokenizer.tokenText(imageTokenId) === undefined) {
    throw new TokenizerError(
      `${dir}: the tokenizer has no token ${imageTokenId}, which config.json names as the image token; ${sameModel}`,
    );
  }
}

/**
 * Whether pictures come out of their files as the tower of `dir` reads them.
 * @throws CheckpointError where the image processor belongs to another model
 */
export function checkPictureSize(
  dir: string,
  vision: VisionConfig,
  processor: ImageProcessorConfig,
): void {
  const made = pictureSize(processor);
  const read = `${vision.imageSize} x ${vision.imageSize}`;
  if (made !== read) {
    throw new CheckpointError(
      dir,
      `preprocessor_config.json makes pictures ${made} but the vision tower reads ${read}; ${sameModel}`,
    );
  }
}

/**
 * Whether pictures are cut as the tower of `dir` reads them.
 * @throws CheckpointError where the image processor belongs to another model
 */
export function checkPatches(
  dir: string,
  vision: QwenVisionConfig,
  processor: QwenVlProcessorConfig,
): void {
  const sizes = ({ patchSize, temporalPatchSize, mergeSize }: PatchSizes) =>
    `patches of ${patchSize} pixels and ${temporalPatchSize} frames, merged by ${mergeSize} x ${mergeSize}`;
  const [made, read] = [sizes(processor), sizes(vision)];
  if (made === read) return;
  throw new CheckpointError(
    dir,
    `preprocessor_config.json makes ${made}, but the vision tower reads ${read}; ${sameModel}`,
  );
}

/**
 * Whether pictures are fitted into the sizes that the model of `dir` counts by, as tiles of its tower's size.
 * @throws CheckpointError where the image processor belongs to another model
 */
export function checkAnyres(
  dir: string,
  { vision, pinpoints }: LlavaNextConfig,
  { wholeSide, tile, pinpoints: made }: LlavaNextProcessorConfig,
): void {
  const sides = [wholeSide, tile.width, tile.height];
  if (sides.some((side) => side !== vision.imageSize)) {
    throw new CheckpointError(
      dir,
      `preprocessor_config.json makes pictures of side ${wholeSide} and tiles ${tile.width} x ${tile.height} but the vision tower reads sides of ${vision.imageSize}; ${sameModel}`,
    );
  }
  const text = (sizes: LlavaNextConfig['pinpoints']) =>
    sizes.map(({ height, width }) => `${height} x ${width}`).join(', ');
  if (text(made) === text(pinpoints)) return;
  throw new CheckpointError(
    dir,
    `preprocessor_config.json fits pictures into ${text(made)} but config.json counts by ${text(pinpoints)}; ${sameModel}`,
  );
}

/**
 * Whether pictures are cut into tiles of the tower's size.
 * @throws CheckpointError where the image processor belongs to another model
 */
export function checkTileSide(
  dir: string,
  { imageSize }: VisionConfig,
  { tileSide }: Idefics3ProcessorConfig,
): void {
  if (tileSide === imageSize) return;
  throw new CheckpointError(
    dir,
    `preprocessor_config.json makes tiles of ${tileSide} pixels but the vision tower reads ${imageSize}; ${sameModel}`,
  );
}

type PatchSizes = Pick<QwenVisionConfig, 'patchSize' | 'temporalPatchSize' | 'mergeSize'>;

function pictureSize({ crop, resize }: ImageProcessorConfig): string {
  const size = crop ?? (resize !== undefined && 'width' in resize ? resize : undefined);
  return size === undefined ? 'of varying size' : `${size.width} x ${size.height}`;
}
