/** The drafters that come with the library: one row each. Nothing else compares their names. */
import type { DraftMethod } from '../contracts/checkpoint.ts';
import { block } from './block.ts';
import type { BuiltInDrafter, GuessesBeside } from './built-in-drafter.ts';
import { eagle } from './eagle.ts';
import { msd } from './msd.ts';
import { none } from './none.ts';
import { besideDrafts, recycled } from './recycled.ts';
import { promptLookup, suffix } from './suffix.ts';

const ROWS = [msd, eagle, block, recycled, suffix, promptLookup, none] as const;

export type DrafterName = (typeof ROWS)[number]['name'];

export const DRAFTERS: readonly (BuiltInDrafter & { readonly name: DrafterName })[] = ROWS;

export const DRAFTER_NAMES: readonly DrafterName[] = ROWS.map(({ name }) => name);

/** The drafter of the library that goes by a name. */
export const builtInDrafter = (name: string): BuiltInDrafter | undefined =>
  DRAFTERS.find((row) => row.name === name);

/** The drafter that `auto` is: the first that is made for drafts of this method, or that needs none where there is none. */
export function drafterFor(method: DraftMethod | undefined): DrafterName {
  const row = DRAFTERS.find(({ runs }) => runs?.[0] === method);
  if (row === undefined) throw new TypeError(`No drafter is made for ${method}.`);
  return row.name;
}

/** What `auto` joins with the trees of a draft. */
export const BESIDE: GuessesBeside = besideDrafts;
