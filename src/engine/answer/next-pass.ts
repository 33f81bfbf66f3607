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
 * Who shares the next pass. Drafts go first, so that their trees meet in one pass of the target, and take turns with
 * pictures, of which no two go while the target waits. Its steps and its chunks each get at least every third pass, for
 * whoever waited longest.
 *
 * Steps that share a pass are padded to the longest. So those of like many rows go together, whoever waited longest
 * among them. Where few enough are padded, so do all that waited for a pass already; and all of them where anything else
 * waits for its turn, so that a short step is not last behind everybody.
 */
export function nextPass(waiting: readonly Waiting[], past: PastPasses): NextPass | null {
  const since = (at: number) => (waiting[at] as Waiting).since;
  const rows = (at: number) => rowsOf(waiting[at] as Waiting);
  const last = (sort: Sort) => past.newest[sort] ?? 0;
  const of = (sort: Sort) =>
    [...waiting.keys()]
      .filter((at) => sortOf(waiting[at] as Waiting) === sort)
      .sort((a, b) => since(a) - since(b));
  const waits = { draft: of('draft'), vision: of('vision'), step: of('step'), chunk: of('chunk') };
  const due = (sort: Sort) => Math.max(since(waits[sort][0] as number), last(sort)) + 2;
  const sorts = SORTS.filter((one) => waits[one].length > 0);
  const [first, second] = sorts.filter((one) => !isOther(one)).sort((a, b) => due(a) - due(b));
  const twoPictures = first !== undefined && past.made > 0 && last('vision') === past.made;
  const [other] = sorts
    .filter((one) => isOther(one) && !(one === 'vision' && twoPictures))
    .sort((a, b) => last(a) - last(b));

  const late = first !== undefined && due(first) <= past.made;
  const bothNext = second !== undefined && due(second) <= past.made + 1;
  const sort = late || bothNext ? first : (other ?? first);
  if (sort === undefined) return null;
  const queue = waits[sort];
  if (sort === 'draft') return { sort, members: sameDrafter(waiting, queue) };
  if (sort === 'vision') return { sort, members: queue.slice(0, 1) };
  const like = withinReach(alike(queue, rows), rows);
  if (sort === 'chunk') return { sort, members: like };
  const joins = (at: number) => like.includes(at) || sorts.length > 1 || since(at) < past.made;
  const all = queue.filter(joins);
  return { sort, members: paddedRows(all, rows) <= MOST_ROWS ? all : like };
}

const isOther = (sort: Sort): boolean => sort === 'draft' || sort === 'vision';

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

const paddedRows = (places: readonly number[], rows: (at: number) => number): number =>
  places.length * Math.max(...places.map(rows));

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
