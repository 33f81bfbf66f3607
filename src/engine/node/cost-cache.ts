import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Costs } from '../../decode/costs.ts';
import { writeWhole } from '../../files/write-file.ts';
import { machineFile } from './machine-file.ts';

const ms = z.number().nonnegative();
const costsSchema = z.strictObject({
  target: z
    .array(z.strictObject({ rows: z.int().positive(), ms: z.number().positive() }))
    .min(1)
    .refine((passes) => passes.every(({ rows }, i) => rows > (passes[i - 1]?.rows ?? 0))),
  draftLevel: ms,
  host: ms,
});

/** Costs measured at an earlier load of the same model on the same machine; undefined if there are none to trust. */
export async function readCosts(key: string): Promise<Costs | undefined> {
  try {
    return costsSchema.safeParse(JSON.parse(await readFile(await fileOf(key), 'utf8'))).data;
  } catch {
    return undefined; // not there, or spoilt: they are measured again
  }
}

/** A cache that can't be written costs half a second at the next load, no more. */
export async function writeCosts(key: string, costs: Costs): Promise<void> {
  try {
    await writeWhole(await fileOf(key), JSON.stringify(costs));
  } catch {
    // no home, no room, no permission: nothing is lost but time
  }
}

const fileOf = (key: string): Promise<string> => machineFile('costs', VERSION, key);

/** Raised when what is measured changes. */
const VERSION = 5;
