import { join, sep } from 'node:path';
import { counted } from '../../../contracts/counted.ts';
import { ModelNotFoundError } from '../../../contracts/errors.ts';
import { realPlace } from '../../../files/real-place.ts';
import {
  type ConversionRemoval,
  planStale,
  planUnconverted,
  removeConversions,
} from '../../../formats/remove-conversions.ts';
import { scanConversions } from '../../../formats/scan-conversions.ts';
import { type ModelName, modelFolder } from '../../../hub/model-name.ts';
import { planRemoval, type Removal, remove } from '../../../hub/remove-model.ts';
import { byteSize } from '../../print/units.ts';

/** What `msd rm` will delete. */
export interface RmPlan {
  /** As in a question: `owner/name (1 revision, 13.2 GiB)`. */
  readonly what: string;
  readonly freedBytes: number;
  readonly run: () => Promise<void>;
}

/**
 * A model of the hub's cache, or one revision of it, and what was converted from it, which may be all that is left.
 * @throws ModelNotFoundError, ModelBusyError
 */
export async function planHubModel(
  text: string,
  name: ModelName,
  cache: string,
  weights: string,
): Promise<RmPlan> {
  const { removal, missing } = await planRemoval(cache, name).then(
    (found) => ({ removal: found, missing: undefined }),
    (error: unknown) => ({ removal: NOTHING, missing: error }),
  );
  const snapshots = join(await realPlace(cache), modelFolder(name.model), 'snapshots');
  const isOf = (folder: string) =>
    name.revision === undefined
      ? folder.startsWith(`${snapshots}${sep}`)
      : removal.commits.some((commit) => folder === join(snapshots, commit));
  const converted = planUnconverted(await scanConversions(weights), isOf);
  const isOnlyConverted = missing instanceof ModelNotFoundError && isSomething(converted);
  if (missing !== undefined && !isOnlyConverted) throw missing;
  const parts = [
    ...(missing === undefined
      ? [`${counted(removal.commits.length, 'revision')}, ${byteSize(removal.freedBytes)}`]
      : []),
    ...(isSomething(converted) ? [`${byteSize(converted.freedBytes)} converted`] : []),
  ];
  return {
    what: `${text} (${parts.join(', ')})`,
    freedBytes: removal.freedBytes + converted.freedBytes,
    async run() {
      await remove(removal);
      await removeConversions(converted);
    },
  };
}

/**
 * What was converted from a folder, never the folder itself.
 * @throws ModelNotFoundError, ModelBusyError
 */
export async function planFolder(path: string, weights: string): Promise<RmPlan> {
  const place = await realPlace(path);
  const converted = planUnconverted(await scanConversions(weights), (folder) => folder === place);
  if (!isSomething(converted)) {
    throw new ModelNotFoundError(place, 'nothing was converted from it.', {
      remedy: { kind: 'list-models' },
    });
  }
  return conversionPlan(`what was converted from ${place}`, converted);
}

/** Conversions that no load can use any more. */
export async function planUseless(weights: string): Promise<RmPlan> {
  const stale = planStale(await scanConversions(weights));
  return conversionPlan('what was converted and no load reads any more', stale);
}

const conversionPlan = (what: string, removal: ConversionRemoval): RmPlan => ({
  what: `${what} (${byteSize(removal.freedBytes)})`,
  freedBytes: removal.freedBytes,
  run: () => removeConversions(removal),
});

const NOTHING: Removal = { commits: [], paths: [], freedBytes: 0 };

const isSomething = ({ paths, shared }: ConversionRemoval): boolean =>
  paths.length + shared.length > 0;
