/**
 * What a file of panels was converted from: a JSON file beside it says so, that it can be listed and freed with its model.
 * Panels are named by their content, so that copies of a model share a file.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import { z } from 'zod';
import { jsonIn } from '../files/json-file.ts';
import { writeWhole } from '../files/write-file.ts';

const sourceSchema = z.object({
  /** Real path of the model's folder. */
  folder: z.string(),
  /** The files that hold its matrices, as they were. */
  files: z.array(z.object({ path: z.string(), bytes: z.number(), modified: z.number() })),
});
const recordSchema = z.object({ sources: z.array(sourceSchema), used: z.iso.datetime() });

export type ConversionSource = z.infer<typeof sourceSchema>;
/** `used` is when a model was last loaded with it. */
export type ConversionRecord = z.infer<typeof recordSchema>;

/** @param panels path of the file that it is about */
export const recordPath = (panels: string): string => panels.replace(/\.safetensors$/, '.json');

/** Undefined where there is none, or it is spoilt. */
export async function readRecord(panels: string): Promise<ConversionRecord | undefined> {
  const text = await readFile(recordPath(panels), 'utf8').catch(() => '');
  return recordSchema.safeParse(jsonIn(text)).data;
}

export function writeRecord(panels: string, record: ConversionRecord): Promise<void> {
  return writeWhole(recordPath(panels), `${JSON.stringify(record, null, 2)}\n`);
}

/**
 * Writes down that a model uses the panels now. Where that can't be written, the file is less well described, no more.
 * @param model its folder
 * @param paths of the files that hold the model's matrices
 */
export async function recordUse(
  panels: string,
  model: string,
  paths: ReadonlySet<string>,
  now: Date,
): Promise<void> {
  try {
    const folder = await realpath(model);
    const files = await Promise.all([...paths].map(asItIs));
    const before = (await readRecord(panels))?.sources ?? [];
    const others = before.filter((source) => source.folder !== folder);
    await writeRecord(panels, { sources: [...others, { folder, files }], used: now.toISOString() });
  } catch {
    // a cache that others may only read
  }
}

async function asItIs(path: string): Promise<ConversionSource['files'][number]> {
  const { size, mtimeMs } = await stat(path);
  return { path, bytes: size, modified: mtimeMs };
}
