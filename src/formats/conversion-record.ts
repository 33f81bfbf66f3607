/**
 * What a file of weights was converted from, and to: a JSON file beside it says so, that it can be listed and freed with
 * its model. Files are named by their content, so that copies of a model share one.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import * as z from 'zod';
import { jsonIn } from '../files/json-file.ts';
import { writeWhole } from '../files/write-file.ts';
import type { FormMark } from './forms/forms.ts';

const sourceSchema = z.object({
  /** Real path of the model's folder. */
  folder: z.string(),
  /** The files that hold its matrices, as they were. */
  files: z.array(z.object({ path: z.string(), bytes: z.number(), modified: z.number() })),
});
const recordSchema = z.object({
  /** What it was converted to; the first way to convert wrote nothing. */
  form: z.object({ kind: z.string(), version: z.number() }).optional(),
  sources: z.array(sourceSchema),
  used: z.iso.datetime(),
});

export type ConversionSource = z.infer<typeof sourceSchema>;
/** `used` is when a model was last loaded with it. */
export type ConversionRecord = z.infer<typeof recordSchema>;

/** @param path of the file that it is about */
export const recordPath = (path: string): string => path.replace(/\.safetensors$/, '.json');

/** Undefined where there is none, or it is spoilt. */
export async function readRecord(path: string): Promise<ConversionRecord | undefined> {
  const text = await readFile(recordPath(path), 'utf8').catch(() => '');
  return recordSchema.safeParse(jsonIn(text)).data;
}

export function writeRecord(path: string, record: ConversionRecord): Promise<void> {
  return writeWhole(recordPath(path), `${JSON.stringify(record, null, 2)}\n`);
}

/** Who uses a file, and when. */
interface Use {
  readonly form: FormMark;
  /** The model's folder. */
  readonly model: string;
  /** Paths of the files that hold its matrices. */
  readonly sources: ReadonlySet<string>;
  readonly now: Date;
}

/** Writes down that a model uses the file now. Where that can't be written, the file is less well described, no more. */
export async function recordUse(path: string, { form, model, sources, now }: Use): Promise<void> {
  try {
    const folder = await realpath(model);
    const files = await Promise.all([...sources].map(asItIs));
    const before = (await readRecord(path))?.sources ?? [];
    const others = before.filter((source) => source.folder !== folder);
    const used = now.toISOString();
    await writeRecord(path, { form, sources: [...others, { folder, files }], used });
  } catch {
    // a cache that others may only read
  }
}

async function asItIs(path: string): Promise<ConversionSource['files'][number]> {
  const { size, mtimeMs } = await stat(path);
  return { path, bytes: size, modified: mtimeMs };
}
