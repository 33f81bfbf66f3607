import { parseFields } from '../../contracts/config-fields.ts';
import type { ConfigFiles } from '../config-files.ts';
import { type LlavaParts, llavaParts, llavaSchema } from '../llava-parts/llava-parts.ts';

/** Every picture becomes as many embeddings. */
export interface LlavaConfig extends LlavaParts {
  readonly family: 'llava';
  readonly imageTokens: number;
}

/**
 * The LLaVA target that the files describe: `config.json`, with the end tokens of `generation_config.json` where it has
 * them. What a file leaves out is what transformers 4.57 takes for it; `image_seq_length` is not read, since the count of
 * placeholders follows from the tower.
 * @throws CheckpointError that names the field
 */
export function llavaConfig(files: ConfigFiles): LlavaConfig {
  const { path, value } = files.config;
  const parts = llavaParts(files, parseFields(path, llavaSchema, value));
  const { vision, projector } = parts;
  const patches = (vision.imageSize / vision.patchSize) ** 2;
  const imageTokens = patches + (projector.select === 'full' ? 1 : 0); // and the class token
  return { family: 'llava', ...parts, imageTokens };
}
