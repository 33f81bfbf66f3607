/** `measured.json` in a run's folder: what was measured of its draft, so that it is not measured again. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { RunFolderError } from '../../contracts/errors.ts';
import { errorCode, ioError } from '../../files/io-error.ts';
import { jsonIn } from '../../files/json-file.ts';
import { writeWhole } from '../../files/write-file.ts';
import type { SeedSample } from './estimate.ts';

const FILE = 'measured.json';

/** Held-out prompts of each kind: how many are decoded, and how many of those are timed against plain decoding. */
export interface Prompts {
  readonly decoded: number;
  readonly timed: number;
}

export interface Measured {
  readonly prompts: Prompts;
  /** Most memory that the process held during the training. */
  readonly peakBytes: number;
  readonly text: SeedSample;
  readonly visual: SeedSample;
}

const sample = z.strictObject({
  decoded: z.array(z.strictObject({ tokens: z.int().min(0), passes: z.int().min(0) })),
  speedUps: z.array(z.number()),
});
const schema = z.strictObject({
  prompts: z.strictObject({ decoded: z.int().min(1), timed: z.int().min(0) }),
  peakBytes: z.number(),
  text: sample,
  visual: sample,
});

/**
 * Undefined where nothing was measured.
 * @throws RunFolderError if the file is damaged
 */
export async function readMeasured(dir: string): Promise<Measured | undefined> {
  const path = join(dir, FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return undefined;
    throw ioError(path, cause);
  }
  const read = schema.safeParse(jsonIn(text));
  if (read.success) return read.data;
  throw new RunFolderError(path, 'this does not hold what was measured of the run; delete it.');
}

export async function writeMeasured(dir: string, measured: Measured): Promise<void> {
  await writeWhole(join(dir, FILE), JSON.stringify(measured));
}
