/**
 * `provenance.json`: one entry for each time that the run was started, so that what changed on the way stays known.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { RunFolderError, RunMismatchError } from '../../contracts/errors.ts';
import { printable } from '../../contracts/printable.ts';
import { errorCode, ioError } from '../../files/io-error.ts';
import { jsonIn } from '../../files/json-file.ts';
import { writeWhole } from '../../files/write-file.ts';
import { writeError } from './disk.ts';
import { differences, type Provenance } from './provenance.ts';

export const PROVENANCE_FILE = 'provenance.json';

/** One start of a run, or resumption. */
export interface Start extends Provenance {
  /** Steps done before. */
  readonly fromStep: number;
}

const text = z.string();
const schema = z.strictObject({
  format: z.literal(1),
  sessions: z
    .array(
      z.strictObject({
        fromStep: z.int().nonnegative(),
        config: z.unknown(),
        data: z.record(text, text),
        seed: z.number(),
        versions: z.strictObject({ msd: text, node: text, onnxruntime: text }),
        machine: z.strictObject({ cpu: text, cores: z.int(), platform: text, threads: z.int() }),
        command: text,
        started: text,
      }),
    )
    .min(1),
});

/**
 * The starts of the run in a folder, oldest first; none where the file is not there.
 * @throws RunFolderError if it is damaged
 */
export async function readStarts(dir: string): Promise<Start[]> {
  const path = join(dir, PROVENANCE_FILE);
  let file: string;
  try {
    file = await readFile(path, 'utf8');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return [];
    throw ioError(path, cause);
  }
  const read = schema.safeParse(jsonIn(file));
  if (read.success) return read.data.sessions;
  throw new RunFolderError(
    path,
    'this does not describe a run that this version can go on with; choose a new folder.',
  );
}

export async function writeStarts(
  dir: string,
  starts: readonly Start[],
  lastGood: string | undefined,
): Promise<void> {
  const path = join(dir, PROVENANCE_FILE);
  const file = `${JSON.stringify({ format: 1, sessions: starts }, null, 2)}\n`;
  try {
    await writeWhole(path, file);
  } catch (cause) {
    throw writeError(path, Buffer.byteLength(file), lastGood, cause);
  }
}

/**
 * Refuses to go on where that would give other weights than a run that never stopped.
 * @throws RunMismatchError with the keys that differ
 */
export function refuseChanges(
  dir: string,
  before: Provenance,
  after: Provenance,
  mayChange: readonly string[],
): void {
  const found = differences(before, after, mayChange);
  if (found.length === 0) return;
  const shown = (value: string | undefined) =>
    value === undefined ? 'absent' : printable(JSON.parse(value));
  throw new RunMismatchError(
    dir,
    found.map(({ key }) => key),
    found.map(({ key, was, is }) => `${key} (was ${shown(was)}, is ${shown(is)})`),
  );
}
