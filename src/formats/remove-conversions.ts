import { rm } from 'node:fs/promises';
import { ModelBusyError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';
import { type ConversionRecord, writeRecord } from './conversion-record.ts';
import type { Conversion } from './scan-conversions.ts';

/** Which conversions are deleted. A process that has one mapped keeps what it has; the next load makes it again. */
export interface ConversionRemoval {
  readonly paths: readonly string[];
  readonly freedBytes: number;
  /** Those that stay, as another model that is there shares them, with what they are of from now on. */
  readonly shared: readonly { readonly path: string; readonly record: ConversionRecord }[];
}

/**
 * What was converted from the folders that `isOf` says.
 * @throws ModelBusyError if one of them is being converted
 */
export function planUnconverted(
  conversions: readonly Conversion[],
  isOf: (folder: string) => boolean,
): ConversionRemoval {
  const touched = conversions.filter(({ sources }) => sources.some(({ folder }) => isOf(folder)));
  for (const { writer, sources } of touched) {
    if (writer === undefined) continue;
    const model = sources.find(({ folder }) => isOf(folder))?.folder ?? '';
    throw new ModelBusyError(model, writer.pid, writer.host, writer.path);
  }
  const isShared = ({ sources }: Conversion) =>
    sources.some(({ folder, state }) => state === 'there' && !isOf(folder));
  const shared = touched.filter(isShared).flatMap(({ path, record }) => {
    if (record === undefined) return [];
    const sources = record.sources.filter(({ folder }) => !isOf(folder));
    return [{ path, record: { ...record, sources } }];
  });
  return { ...deleted(touched.filter((one) => !isShared(one))), shared };
}

/** Those that no load can use any more: their model is gone, has changed or is unknown, or they were never finished. */
export const planStale = (conversions: readonly Conversion[]): ConversionRemoval => ({
  ...deleted(conversions.filter(({ state }) => state !== 'there' && state !== 'being written')),
  shared: [],
});

/** @throws CheckpointError */
export async function removeConversions({ paths, shared }: ConversionRemoval): Promise<void> {
  for (const { path, record } of shared) await writeRecord(path, record);
  for (const path of paths) {
    try {
      await rm(path, { force: true });
    } catch (cause) {
      throw ioError(path, cause);
    }
  }
}

const deleted = (gone: readonly Conversion[]) => ({
  paths: gone.flatMap(({ paths }) => paths),
  freedBytes: gone.reduce((sum, { bytes }) => sum + bytes, 0),
});
