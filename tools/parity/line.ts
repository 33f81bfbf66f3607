/** What a figure must be. `equal` counts what differs: none may. */
export type Bound =
  | { readonly kind: 'equal' }
  | { readonly kind: 'most' | 'least'; readonly value: number };

/** One line of the table: something measured against something else. */
export interface Line {
  readonly what: string;
  readonly against: string;
  readonly bound: Bound;
  /** The figure nearest to the bound, or beyond it. */
  readonly worst: number;
  readonly count: number;
  /** What was counted. */
  readonly unit: string;
  readonly notes?: readonly string[];
}

export const EQUAL: Bound = { kind: 'equal' };
export const most = (value: number): Bound => ({ kind: 'most', value });
export const least = (value: number): Bound => ({ kind: 'least', value });

/** A line that compared nothing, or whose figure is no number, does not hold. */
export function holds({ bound, worst, count }: Line): boolean {
  if (count === 0) return false;
  if (bound.kind === 'equal') return worst === 0;
  return bound.kind === 'most' ? worst <= bound.value : worst >= bound.value;
}
