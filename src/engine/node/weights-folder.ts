import { join } from 'node:path';
import { cacheFolder } from './cost-cache.ts';

/** Where weights in 8 bits are kept: `weights` in the cache folder. */
export const weightsFolder = (): string => join(cacheFolder(), 'weights');
