import type { TargetConfig } from '../../contracts/checkpoint.ts';
import { TokenizerError } from '../../contracts/errors.ts';
import type { Tokenizer } from '../../input/tokenizer.ts';

const sameModel = 'use the files of one and the same model.';

/**
 * Whether words come out of their files as the network of `dir` reads them.
 * @throws TokenizerError where the tokenizer belongs to another model
 */
export function checkTokenizer(
  dir: string,
  { decoder, imageTokenId }: TargetConfig,
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
