import type { TargetConfig, VisionConfig } from '../contracts/checkpoint.ts';
import { CheckpointError, TokenizerError } from '../contracts/errors.ts';
import type { ImageProcessorConfig } from '../contracts/image.ts';
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

function pictureSize({ crop, resize }: ImageProcessorConfig): string {
  const size = crop ?? (resize !== undefined && 'width' in resize ? resize : undefined);
  return size === undefined ? 'of varying size' : `${size.width} x ${size.height}`;
}
