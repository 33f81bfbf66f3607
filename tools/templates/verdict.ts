import type { Outcome } from '../../src/input/template/testing/snippets.ts';
import type { Theirs } from './jinja2.ts';

export const VERDICTS = ['equal', 'both fail', 'refused', 'lost', 'differs'] as const;

/**
 * `refused` is a text of jinja2's that is refused here by name, `lost` one that fails here otherwise; `differs` is another
 * text, or one where jinja2 writes none.
 */
export type Verdict = (typeof VERDICTS)[number];

export function verdictOf(ours: Outcome, theirs: Theirs): Verdict {
  if ('text' in ours) return 'text' in theirs && ours.text === theirs.text ? 'equal' : 'differs';
  if ('error' in theirs) return 'both fail';
  return 'refused' in ours ? 'refused' : 'lost';
}

/** How many of each. */
export type Tally = Readonly<Record<Verdict, number>>;

export function tally(verdicts: readonly Verdict[]): Tally {
  const count = (wanted: Verdict) => verdicts.filter((verdict) => verdict === wanted).length;
  return Object.fromEntries(VERDICTS.map((verdict) => [verdict, count(verdict)])) as Tally;
}

/** Whether nothing came out that jinja2 does not write, and nothing failed without a name. */
export function isRight({ lost, differs }: Tally): boolean {
  return lost === 0 && differs === 0;
}

/** Of what jinja2 renders, the share that is rendered here. */
export function renderedShare({ equal, refused, lost, differs }: Tally): number {
  return equal / Math.max(1, equal + refused + lost + differs);
}
