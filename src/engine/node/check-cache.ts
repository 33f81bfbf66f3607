import { fileExists } from '../../files/json-file.ts';
import { writeWhole } from '../../files/write-file.ts';
import { machineFile } from './machine-file.ts';

/** Raised when what is checked changes. */
const VERSION = 1;

/** Makes a check, unless it was passed on this machine before. What failed is tried again each time. */
export async function passedOnce(check: string, run: () => Promise<boolean>): Promise<boolean> {
  const path = await machineFile('checks', VERSION, check);
  if (await fileExists(path)) return true;
  const passed = await run();
  if (passed) await writeWhole(path, JSON.stringify({ passed: check })).catch(() => {}); // it is made again
  return passed;
}
