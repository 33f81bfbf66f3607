import type { TargetConfig } from '../contracts/checkpoint.ts';
import { UnknownFamilyError } from '../contracts/errors.ts';
import type { LlavaConfig } from '../families/llava/llava-config.ts';

/**
 * The target of a training or a harvest: both batch networks and pictures as LLaVA's are.
 * @throws UnknownFamilyError for another family
 */
export function llavaOnly(config: TargetConfig): LlavaConfig {
  if (config.family === 'llava') return config as LlavaConfig;
  throw new UnknownFamilyError('The target of a training or harvest', config.family, ['llava']);
}
