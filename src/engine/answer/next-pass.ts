import type { Need } from '../../contracts/need.ts';
import { evenGroups, MOST_ROWS } from '../../model/lane-groups.ts';

/** A need of an answer that waits for a pass. */
export interface Waiting {
  readonly need: Need & { readonly type: 'target' | 'draft' | 'vision' };
  /** When it began to wait, in passes made so far. */
  readonly since: number;
}

/**
 * Who shares the next pass. Drafts go first, so that their trees meet in one pass of the target; pictures take turns
 * with it. Of the target's steps those of like many rows go together: the group with the one that waited longest, as
 * far as a pass reaches.
 *
 * @param lastWasPicture whether the pass before this one was a tower's
 * @returns places in `waiting`; empty where nothing waits
 */
export function nextPass(waiting: readonly Waiting[], lastWasPicture: boolean): number[] {
  const of = (type: Need['type']) =>
    [...waiting.keys()]
      .filter((at) => waiting[at]?.need.type === type)
      .sort((a, b) => (waiting[a]?.since ?? 0) - (waiting[b]?.since ?? 0));
  const [drafts, pictures, steps] = [of('draft'), of('vision'), of('target')];
  if (drafts.length > 0) return sameDrafter(waiting, drafts);
  const [oldest] = steps;
  if (pictures.length > 0 && !(lastWasPicture && oldest !== undefined)) return pictures.slice(0, 1);
  if (oldest === undefined) return [];

  const rows = steps.map((at) => rowsOf(waiting[at] as Waiting));
  const group = evenGroups(rows).find((places) => places.includes(0)) ?? [0];
  const chosen: number[] = [];
  let sum = 0;
  for (const place of group.sort((a, b) => a - b)) {
    sum += rows[place] as number;
    if (chosen.length > 0 && sum > MOST_ROWS) break;
    chosen.push(steps[place] as number);
  }
  return chosen;
}

/** Jobs for the drafter that was asked first. */
function sameDrafter(waiting: readonly Waiting[], drafts: readonly number[]): number[] {
  const drafterOf = (at: number | undefined) => {
    const need = at === undefined ? undefined : waiting[at]?.need;
    return need?.type === 'draft' ? need.drafter : undefined;
  };
  return drafts.filter((at) => drafterOf(at) === drafterOf(drafts[0]));
}

const rowsOf = ({ need }: Waiting): number => (need.type === 'target' ? need.step.ids.length : 0);
