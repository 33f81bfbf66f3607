import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileExists } from '../../files/json-file.ts';
import { writeWhole } from '../../files/write-file.ts';
import { cacheFolder } from './cache-folder.ts';
import { machineKey } from './machine-key.ts';

/** Raised when what is checked changes. */
const VERSION = 1;

/** Makes a check, unless it was passed on this machine before. What failed is tried again each time. */
export async function passedOnce(check: string, run: () => Promise<boolean>): Promise<boolean> {
  const key = `${await machineKey()}|${VERSION}|${check}`;
  const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
  const path = join(cacheFolder(), 'checks', `${name}.json`);
  if (await fileExists(path)) return true;
  const passed = await run();
  if (passed) await writeWhole(path, JSON.stringify({ passed: key })).catch(() => {}); // it is made again
  return passed;
}
