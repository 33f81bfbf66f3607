import type { Need } from '../../contracts/need.ts';
import type { PassSize } from '../../decode/prices.ts';

/** Answers beside one that reads its prompt, by what they wait for. */
export interface Company {
  /** Those that decode: how many, and the rows that they bring to a pass. */
  readonly decoding: PassSize;
  /** Those that read a prompt, too. */
  readonly reading: number;
}

export const NOBODY: Company = { decoding: { rows: 0, lanes: 0 }, reading: 0 };

/** Who draws a tree brings its root at least. */
export function companyOf(needs: readonly Need[]): Company {
  const decoding = { rows: 0, lanes: 0 };
  let reading = 0;
  for (const need of needs) {
    if (readsPrompt(need)) reading += 1;
    else if (need.type === 'target' || (need.type === 'draft' && need.job.grow !== undefined)) {
      decoding.lanes += 1;
      decoding.rows += need.type === 'target' ? need.step.ids.length : 1;
    }
  }
  return { decoding, reading };
}

/** Of a piece of a prompt the last row alone is looked at, of a tree every one. */
const readsPrompt = (need: Need): boolean =>
  need.type === 'target' && need.step.heads.length < need.step.ids.length;
