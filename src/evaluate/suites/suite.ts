/** A question about a picture, and what answers it. */
export interface SuiteItem {
  readonly name: string;
  /** A picture file. */
  readonly picture: Uint8Array;
  readonly question: string;
  /** Any of these names it; or the answer is to begin with yes, or with no. */
  readonly answers: { readonly words: readonly string[] } | { readonly says: 'yes' | 'no' };
}

/** Questions of one kind that no part of the model has learnt the answers to. */
export interface Suite {
  readonly name: SuiteName;
  /** What it asks, in words. */
  readonly title: string;
  readonly items: readonly SuiteItem[];
  /** What could not be fetched or was not there. */
  readonly missing: readonly string[];
}

export const SUITE_NAMES = [
  'photographs',
  'other-photographs',
  'emoji',
  'held-out-concepts',
  'flags',
  'yes-no',
] as const;
export type SuiteName = (typeof SUITE_NAMES)[number];
