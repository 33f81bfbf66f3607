import type { Need } from '../../contracts/need.ts';
import { evenGroups, MOST_ROWS } from '../../model/lane-groups.ts';
import { MOST_TREE_ROWS } from '../../model/lane-map.ts';

/** A need of an answer that waits for a pass. */
export interface Waiting {
  readonly need: Need & { readonly type: 'target' | 'draft' | 'vision' };
  /** When it began to wait, in passes made so far. */
  readonly since: number;
}

/** What passes are for. Steps of the target are trees, tokens and ends of prompts; chunks are whole blocks of prompts. */
const SORTS = ['draft', 'vision', 'step', 'chunk'] as const;
export type Sort = (typeof SORTS)[number];

/** Passes made so far, and the newest of each sort, counted from 1. */
export interface PastPasses {
  readonly made: number;
  readonly newest: Readonly<Partial<Record<Sort, number>>>;
}

export interface NextPass {
  readonly sort: Sort;
  /** Places in `waiting`. */
  readonly members: readonly number[];
}

/**
 * Who shares the next pass. The sort that waits and had its turn longest ago goes; at first drafts, so that their trees
 * meet in one pass of the target. A turn of the target always serves the step that waited longest, so that none waits
 * for more than two passes once it is the oldest.
 *
 * Steps that share a pass are padded to the longest, so those of like many rows go together, and any that waited a pass
 * already. All of them do where chunks or pictures wait too: else a short step would be last behind everybody's turn.
 */
export function nextPass(waiting: readonly Waiting[], past: PastPasses): NextPass | null {
  const of = (sort: Sort) =>
    [...waiting.keys()]
      .filter((at) => sortOf(waiting[at] as Waiting) === sort)
      .sort((a, b) => sinceOf(a) - sinceOf(b));
  const sinceOf = (at: number | undefined) => (at === undefined ? Infinity : (waiting[at]?.since ?? 0));
  const queues = { draft: of('draft'), vision: of('vision'), step: of('step'), chunk: of('chunk') };
  const { draft, vision, step, chunk } = queues;
  const [turn] = SORTS.filter((sort) => queues[sort].length > 0).sort(
    (a, b) => (past.newest[a] ?? 0) - (past.newest[b] ?? 0),
  );
  if (turn === undefined) return null;
  if (turn === 'draft') return { sort: turn, members: sameDrafter(waiting, draft) };
  if (turn === 'vision') return { sort: turn, members: vision.slice(0, 1) };

  const rows = (at: number) => rowsOf(waiting[at] as Waiting);
  if (sinceOf(chunk[0]) < sinceOf(step[0])) {
    return { sort: 'chunk', members: withinReach(alike(chunk, rows), rows) };
  }
  const others = vision.length + chunk.length > 0;
  const like = new Set(alike(step, rows));
  const joining = step.filter((at) => others || like.has(at) || sinceOf(at) < past.made);
  return { sort: 'step', members: withinReach(joining, rows) };
}

/** Those of like many rows as the first. */
function alike(places: readonly number[], rows: (at: number) => number): number[] {
  const group = evenGroups(places.map(rows)).find((group) => group.includes(0)) ?? [0];
  return group.sort((a, b) => a - b).map((at) => places[at] as number);
}

/** The first ones, as far as a pass reaches; one at least. */
function withinReach(places: readonly number[], rows: (at: number) => number): number[] {
  let sum = 0;
  const end = places.findIndex((at, index) => {
    sum += rows(at);
    return index > 0 && sum > MOST_ROWS;
  });
  return end < 0 ? [...places] : places.slice(0, end);
}

/** Jobs for the drafter that was asked first. */
function sameDrafter(waiting: readonly Waiting[], drafts: readonly number[]): number[] {
  const drafterOf = (at: number | undefined) => {
    const need = at === undefined ? undefined : waiting[at]?.need;
    return need?.type === 'draft' ? need.drafter : undefined;
  };
  return drafts.filter((at) => drafterOf(at) === drafterOf(drafts[0]));
}

function sortOf({ need }: Waiting): Sort {
  if (need.type !== 'target') return need.type;
  return need.step.ids.length > MOST_TREE_ROWS ? 'chunk' : 'step';
}

const rowsOf = ({ need }: Waiting): number => (need.type === 'target' ? need.step.ids.length : 0);
