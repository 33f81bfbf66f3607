/** Who guessed a token: the draft network, the text so far (its suffix index), or nobody before the target wrote it. */
export type Guesser = 'draft' | 'text' | 'target';

/** Drafters that guess from the text alone. */
const FROM_TEXT = ['suffix', 'prompt-lookup'];

/** @param by a drafter's name, or `target` */
export function guesserOf(by: string): Guesser {
  if (by === 'target') return 'target';
  return FROM_TEXT.includes(by) ? 'text' : 'draft';
}

export const GUESSERS: readonly { readonly guesser: Guesser; readonly label: string }[] = [
  { guesser: 'draft', label: 'the draft' },
  { guesser: 'text', label: 'the text so far' },
  { guesser: 'target', label: 'nobody' },
];
