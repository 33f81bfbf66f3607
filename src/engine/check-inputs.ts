import type { QwenVisionConfig, TargetConfig, VisionConfig } from '../contracts/checkpoint.ts';
import { CheckpointError, TokenizerError } from '../contracts/errors.ts';
import type { ImageProcessorConfig } from '../contracts/image.ts';
import type { QwenVlProcessorConfig } from '../input/qwen-vl-processor-config.ts';
import type { Tokenizer } from '../input/tokenizer.ts';

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

type PatchSizes = Pick<QwenVisionConfig, 'patchSize' | 'temporalPatchSize' | 'mergeSize'>;

function pictureSize({ crop, resize }: ImageProcessorConfig): string {
  const size = crop ?? (resize !== undefined && 'width' in resize ? resize : undefined);
  return size === undefined ? 'of varying size' : `${size.width} x ${size.height}`;
}
