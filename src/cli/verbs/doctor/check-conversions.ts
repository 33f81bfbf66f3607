import { weightsFolder } from '../../../engine/node/cache-folder.ts';
import { planStale } from '../../../formats/remove-conversions.ts';
import { type Conversion, scanConversions } from '../../../formats/scan-conversions.ts';
import { byteSize } from '../../print/units.ts';
import { type Check, ok, reasonOf } from './check.ts';

/** Whether converted weights lie there that no load of this version reads. */
export async function checkConversions(): Promise<Check> {
  const name = 'conversions';
  try {
    const conversions = await scanConversions(weightsFolder());
    const { freedBytes } = planStale(conversions);
    const all = conversions.reduce((sum, { bytes }) => sum + bytes, 0);
    if (freedBytes === 0) {
      return ok(name, conversions.length === 0 ? 'none yet' : `${byteSize(all)}, all of use`);
    }
    const detail = `${byteSize(freedBytes)} of ${byteSize(all)} are of no use: ${reasons(conversions)}`;
    return { name, status: 'warn', detail, advice: 'Free it with: msd rm --stale' };
  } catch (error) {
    const advice = 'Look at the folder and its permissions.';
    return { name, status: 'warn', detail: reasonOf(error), advice };
  }
}

const REASONS = {
  outdated: 'of a format that this version does not read',
  changed: 'of a model that changed since',
  gone: 'of a model that is gone',
  unknown: 'of a model that is not known',
  unfinished: 'left by a conversion that was stopped',
} as const;

/** `2 of a format that this version does not read, 1 of a model that is gone`. */
function reasons(conversions: readonly Conversion[]): string {
  return Object.entries(REASONS)
    .map(
      ([state, words]) => [conversions.filter((one) => one.state === state).length, words] as const,
    )
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${count} ${words}`)
    .join(', ');
}
