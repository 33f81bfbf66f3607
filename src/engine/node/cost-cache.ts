import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import type { MeasuredCosts } from '../../decode/costs.ts';
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
  busyUntil: ms.optional(), // since 1970
});

/** Milliseconds for which a machine that was busy is taken to be so still. */
const BUSY = 60_000;

/**
 * Costs measured at an earlier load of the same model on the same machine; undefined if there are none to trust. Those of a
 * busy moment hold for the next: to time passes again beside the same other work would tell no more.
 */
export async function readCosts(key: string): Promise<MeasuredCosts | undefined> {
  try {
    const stored = costsSchema.parse(JSON.parse(await readFile(await fileOf(key), 'utf8')));
    const { busyUntil, ...costs } = stored;
    const left = busyUntil === undefined ? 0 : busyUntil - Date.now();
    return left < 0 || left > BUSY ? undefined : { costs, steady: busyUntil === undefined };
  } catch {
    return undefined; // not there, or spoilt: they are measured again
  }
}

/** A cache that can't be written costs half a second at the next load, no more. */
export async function writeCosts(key: string, { costs, steady }: MeasuredCosts): Promise<void> {
  const stored = steady ? costs : { ...costs, busyUntil: Date.now() + BUSY };
  try {
    await writeWhole(await fileOf(key), JSON.stringify(stored));
  } catch {
    // no home, no room, no permission: nothing is lost but time
  }
}

const fileOf = (key: string): Promise<string> => machineFile('costs', VERSION, key);

/** Raised when what is measured changes. */
const VERSION = 5;
