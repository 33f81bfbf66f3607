import type { CodeRange } from '../code-ranges.ts';

/** A regular expression, read. */
export type RegexNode =
  | { readonly type: 'characters'; readonly ranges: readonly CodeRange[] }
  | { readonly type: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly type: 'choice'; readonly options: readonly RegexNode[] }
  | {
      readonly type: 'repeat';
      readonly of: RegexNode;
      readonly least: number;
      readonly most: number;
    }
  | { readonly type: 'start' }
  | { readonly type: 'end' };

/** What is wrong with a regular expression, in words that go behind its name. */
export class RegexProblem extends Error {}
