import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TensorRef } from '../contracts/checkpoint.ts';
import { DiskSpaceError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';
import { fileExists } from '../files/json-file.ts';
import { freeBytes } from '../files/sizes.ts';
import { recordPath, recordUse } from './conversion-record.ts';
import { panelPieces } from './panel-pieces.ts';
import { panelsName } from './panels-name.ts';
import { writePart } from './parts.ts';
import { type PanelsPlan, planPanels } from './plan-panels.ts';

/** How far a conversion is, in bytes of the new file. */
export type ConversionProgress = (file: string, doneBytes: number, totalBytes: number) => void;

/** The disk keeps this much. */
const SPARE_BYTES = 64 << 20;

/** Where panels are kept, and for whom. */
export interface PanelsPlace {
  readonly folder: string;
  /** Folder of the model whose products they are. */
  readonly model: string;
  readonly now: Date;
}

/**
 * The 8-bit panels of these products, as they lie in a file of a folder. A first time the file is made, matrix by
 * matrix; it is there as a whole or not at all. A record beside it says which models it is of.
 * @throws DiskSpaceError before anything is read, NonFiniteWeightError, or CheckpointError where a file can't be
 * read or written
 */
export async function openPanels(
  products: readonly (readonly TensorRef[])[],
  { folder, model, now }: PanelsPlace,
  progress: ConversionProgress,
): Promise<PanelsPlan> {
  const path = join(folder, `${await panelsName(products)}.safetensors`);
  const plan = planPanels(products, path);
  const sources = new Set(products.flat().map((ref) => ref.path));
  await recordUse(path, model, sources, now); // before: who removes it sees what is under way
  if (await isThere(path, plan)) return plan;
  try {
    await writePart(path, async () => {
      await requireRoom(folder, plan.bytes);
      return reported(plan, (done) => progress(path, done, plan.bytes));
    });
  } catch (error) {
    if (!(await fileExists(path))) await rm(recordPath(path), { force: true });
    throw error;
  }
  return plan;
}

/** Whether the file is what the plan says. Written in one piece, it holds what its name promises. */
async function isThere(path: string, { header, bytes }: PanelsPlan): Promise<boolean> {
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

async function requireRoom(folder: string, bytes: number): Promise<void> {
  const free = await freeBytes(folder).catch((cause: unknown) => {
    throw ioError(folder, cause);
  });
  if (free >= bytes + SPARE_BYTES) return;
  const advice = 'set XDG_CACHE_HOME to a folder on another disk.';
  throw new DiskSpaceError(folder, 'the weights in 8 bits', bytes, free, advice);
}

async function* reported(
  plan: PanelsPlan,
  progress: (doneBytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const piece of panelPieces(plan)) {
    yield piece;
    done += piece.length;
    progress(done);
  }
}
