/** A question, mostly about a picture, and what answers it. */
export interface SuiteItem {
  readonly name: string;
  /** A picture file; none for a question of words alone. */
  readonly picture?: Uint8Array;
  readonly question: string;
  readonly answers: Answers;
  /** Questions of one group are told together too. */
  readonly group?: string;
}

/** What is right. */
type Answers =
  /** Any of these words stands in the answer. */
  | { readonly words: readonly string[] }
  /** It begins so. */
  | { readonly says: 'yes' | 'no' }
  /** Any of these stands in it, however numbers and amounts are written. */
  | { readonly values: readonly string[] }
  /** It stands in it, and none of the others before it. */
  | { readonly picks: string; readonly from: readonly string[] }
  /** The first number that the question doesn't hold is no further from it. */
  | { readonly near: number; readonly within: number }
  /** It says that this can't be told. */
  | { readonly unknown: true }
  /** The text of the picture, of which at most 2 of 100 characters are wrong. */
  | { readonly reads: string }
  /** Whatever is said. */
  | { readonly any: true };

/** Questions of one kind that no part of the model has learnt the answers to. */
export interface Suite {
  readonly name: SuiteName;
  /** What it asks, in words. */
  readonly title: string;
  readonly items: readonly SuiteItem[];
  /** What could not be fetched or was not there. */
  readonly missing: readonly string[];
  /** Its share is the mean of its groups' shares, so that one answer to everything is right by chance at most. */
  readonly weighsGroups?: true;
  /** Pictures that are to be read need room on the page. */
  readonly isRead?: true;
}

export const SUITE_NAMES = [
  'photographs',
  'other-photographs',
  'emoji',
  'held-out-concepts',
  'flags',
  'yes-no',
  'reading',
  'documents',
  'held-out-documents',
  'charts',
  'charts-without-values',
  'refusals',
  'texts',
  'edge',
] as const;
export type SuiteName = (typeof SUITE_NAMES)[number];
