import { access, constants, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Product } from '../contracts/checkpoint.ts';
import { CheckpointError, DiskSpaceError } from '../contracts/errors.ts';
import type { ConvertedPrecision } from '../contracts/load.ts';
import { ioError } from '../files/io-error.ts';
import { fileExists } from '../files/json-file.ts';
import { makeFolder } from '../files/make-folder.ts';
import { freeBytes } from '../files/sizes.ts';
import { conversionName } from './conversion-name.ts';
import { recordPath, recordUse } from './conversion-record.ts';
import type { EightBits } from './forms/form.ts';
import { markOf } from './forms/forms.ts';
import { type PackProducts, packProducts } from './pack-products.ts';
import { writePart } from './parts.ts';
import { type ConversionPlan, planConversion } from './plan-conversion.ts';

/** How far a conversion is, in bytes of the new file. */
export type ConversionProgress = (file: string, doneBytes: number, totalBytes: number) => void;

/** The disk keeps this much. */
const SPARE_BYTES = 64 << 20;

/** Where converted weights are kept, for whom and for which processor. */
export interface ConversionPlace {
  readonly folder: string;
  /** Folder of the model whose products they are. */
  readonly model: string;
  readonly eightBits: EightBits;
  readonly now: Date;
  /** Default: one product after the other, here. */
  readonly pack?: PackProducts;
}

/**
 * These products in a form, as they lie in a file of a folder. A first time the file is made, matrix by matrix; it is
 * there as a whole or not at all. A record beside it says which models it is of.
 * @throws DiskSpaceError before anything is read, NonFiniteWeightError, or CheckpointError where a file can't be
 * read or written
 */
export async function openConversion(
  kind: ConvertedPrecision,
  products: readonly Product[],
  { folder, model, eightBits, now, pack = packProducts }: ConversionPlace,
  progress: ConversionProgress,
): Promise<ConversionPlan> {
  const path = join(folder, `${await conversionName(kind, products, eightBits)}.safetensors`);
  const plan = planConversion(kind, products, path, eightBits);
  const sources = new Set(products.flatMap(({ matrices }) => matrices.map((ref) => ref.path)));
  // Before: who removes it sees what is under way.
  await recordUse(path, { form: markOf(kind), model, sources, now });
  if (await isThere(path, plan)) return plan;
  await requireWritable(folder);
  try {
    await writePart(path, async () => {
      await requireRoom(folder, plan);
      return reported(plan, pack(plan), (done) => progress(path, done, plan.bytes));
    });
  } catch (error) {
    if (!(await fileExists(path))) await rm(recordPath(path), { force: true });
    throw error;
  }
  return plan;
}

/** Whether the file is what the plan says. Written in one piece, it holds what its name promises. */
async function isThere(path: string, { header, bytes }: ConversionPlan): Promise<boolean> {
  try {
    await using file = await open(path);
    if ((await file.stat()).size !== bytes) return false;
    const start = Buffer.alloc(header.length);
    await file.read(start, 0, start.length, 0);
    return start.equals(header);
  } catch {
    return false;
  }
}

async function requireWritable(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK);
  } catch (cause) {
    const problem =
      'converted weights are kept here, and nothing can be written; set MSD_CACHE to a folder where it can.';
    throw new CheckpointError(folder, problem, { cause });
  }
}

async function requireRoom(folder: string, { kind, bytes }: ConversionPlan): Promise<void> {
  const free = await freeBytes(folder).catch((cause: unknown) => {
    throw ioError(folder, cause);
  });
  if (free >= bytes + SPARE_BYTES) return;
  const advice = 'set MSD_CACHE to a folder on another disk.';
  throw new DiskSpaceError(folder, `the weights in ${kind}`, bytes, free, advice);
}

async function* reported(
  { header }: ConversionPlan,
  pieces: AsyncIterable<Uint8Array>,
  progress: (doneBytes: number) => void,
): AsyncGenerator<Uint8Array> {
  yield header;
  let done = header.length;
  progress(done);
  for await (const piece of pieces) {
    yield piece;
    done += piece.length;
    progress(done);
  }
}
