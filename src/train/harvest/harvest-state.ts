import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { RunFolderError, RunMismatchError } from '../../contracts/errors.ts';
import type { LoadSettings } from '../../contracts/load.ts';
import { computedIn } from '../../engine/load/model-info.ts';
import { partsOf } from '../../engine/load/model-products.ts';
import type { Model } from '../../engine/model.ts';
import { fileExists, readJsonFile } from '../../files/json-file.ts';
import { writeWhole } from '../../files/write-file.ts';
import type { Dialogue } from '../data/dialogue.ts';
import type { FileHash } from '../data/read-dialogues.ts';
import type { HarvestSettings } from './harvest-settings.ts';
import { removeParts, STATE_FILE } from './part-store.ts';

/** What a harvest's words depend on, by name. */
export type Identity = Readonly<Record<string, string | number | boolean>>;

const stateSchema = z.strictObject({
  format: z.literal(1),
  started: z.iso.datetime(),
  identity: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/**
 * Begins a harvest in a folder, or goes on with the one that began there.
 * @returns when it began: chat templates may write the date, which must not change on the way
 * @throws RunMismatchError if it began with another identity, RunFolderError if its state is damaged
 */
export async function beginHarvest(folder: string, identity: Identity, now: Date): Promise<Date> {
  const path = join(folder, STATE_FILE);
  if (!(await fileExists(path))) {
    await removeParts(folder); // left behind by a harvest that had finished
    const state = { format: 1, started: now.toISOString(), identity };
    await writeWhole(path, `${JSON.stringify(state, null, 2)}\n`);
    return now;
  }
  const read = stateSchema.safeParse(await readJsonFile(path));
  if (!read.success) {
    throw new RunFolderError(
      path,
      'this is not the state of a harvest that this version can go on with; delete the folder to begin anew, or choose another.',
      { remedy: { kind: 'use-option', option: 'out', to: 'choose another' } },
    );
  }
  const { started, identity: before } = read.data;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(identity)])];
  const changed = keys.filter((key) => before[key] !== identity[key]);
  if (changed.length > 0) {
    const differences = changed.map(
      (key) => `${key} (was ${before[key] ?? 'absent'}, is ${identity[key] ?? 'absent'})`,
    );
    throw new RunMismatchError(folder, changed, differences);
  }
  return new Date(started);
}

/** All that the words of a harvest depend on, but for the content of picture files. */
export function harvestIdentity(
  files: Model['files'],
  { device, precision }: Pick<LoadSettings, 'device' | 'precision'>,
  { sampling, maxTokens, turns, dropCut, dropLoops }: HarvestSettings,
  dialogues: readonly Dialogue[],
  hashes: readonly FileHash[],
): Identity {
  const { tensors: _, ...described } = files;
  const data = hashes.map(({ file, sha256 }) => [`data file ${file}`, sha256] as const);
  return {
    model: digest([described]),
    device,
    precision: computedIn(precision, partsOf(files.config, false)),
    turns,
    'max-tokens': maxTokens,
    'drop-cut': dropCut,
    'drop-loops': dropLoops,
    temperature: sampling.temperature,
    'top-p': sampling.topP,
    'top-k': sampling.topK,
    'min-p': sampling.minP,
    seed: sampling.seed,
    ...Object.fromEntries(data),
    dialogues: digest(dialogues.map(({ messages, images }) => [messages, images])),
  };
}

function digest(values: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const value of values) hash.update(JSON.stringify(value));
  return hash.digest('hex');
}
