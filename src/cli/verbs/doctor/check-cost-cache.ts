import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../../engine/node/cache-folder.ts';
import { writeWhole } from '../../../files/write-file.ts';
import { type Check, ok, reasonOf } from './check.ts';

/** Whether the costs that a load measures can be kept for the next. */
export async function checkCostCache(): Promise<Check> {
  const name = 'cost cache';
  const folder = cacheFolder();
  const probe = join(folder, `probe-${process.pid}`);
  try {
    await writeWhole(probe, '');
    await rm(probe);
    return ok(name, `costs timed at a load are kept in ${folder}`);
  } catch (error) {
    const detail = `costs are timed again at every load, which takes half a second: ${reasonOf(error)}`;
    const advice = `Make ${folder} writable, or set MSD_CACHE to a folder that is.`;
    return { name, status: 'warn', detail, advice };
  }
}
