import { isAbsolute, join, resolve } from 'node:path';
import { homeFolder } from '../../files/home-folder.ts';

/** Where the program keeps what it can make again: `$MSD_CACHE`, else `$XDG_CACHE_HOME/msd-ts`, else `~/.cache/msd-ts`. */
export function cacheFolder(): string {
  if (process.env.MSD_CACHE) return resolve(process.env.MSD_CACHE);
  const given = process.env.XDG_CACHE_HOME ?? '';
  return join(isAbsolute(given) ? given : join(homeFolder(), '.cache'), 'msd-ts');
}

/** Where converted weights are kept: `weights` in the cache folder. */
export const weightsFolder = (): string => join(cacheFolder(), 'weights');
