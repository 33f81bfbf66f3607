import type { LlavaConfig } from '../contracts/checkpoint.ts';
import { CheckpointError, TokenizerError } from '../contracts/errors.ts';
import type { ImageProcessorConfig } from '../contracts/image.ts';
import type { Tokenizer } from '../input/tokenizer.ts';

/**
 * Whether words and pictures come out of their files as the network of `dir` reads them.
 * @throws TokenizerError or CheckpointError that says which file belongs to another model
 */
export function checkInputs(
  dir: string,
  { decoder, vision, imageTokenId }: LlavaConfig,
  tokenizer: Tokenizer,
  processor: ImageProcessorConfig,
): void {
  const sameModel = 'use the files of one and the same model.';
  if (tokenizer.vocabSize > decoder.vocabSize) {
    throw new TokenizerError(
      `${dir}: the tokenizer gives ids up to ${tokenizer.vocabSize - 1} but the model's vocabulary ends at ${decoder.vocabSize - 1}; ${sameModel}`,
    );
  }
  if (tokenizer.tokenText(imageTokenId) === undefined) {
    throw new TokenizerError(
      `${dir}: the tokenizer has no token ${imageTokenId}, which config.json names as the image token; ${sameModel}`,
    );
  }
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
