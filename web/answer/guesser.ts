/**
 * Who guessed a token: a draft network, what came before without one (an index of the text, tokens that were likely once),
 * or nobody before the target wrote it.
 */
export type Guesser = 'draft' | 'text' | 'target';

/**
 * @param by a drafter's name, or `target`
 * @param network the drafter that is a network; null where none is
 */
export function guesserOf(by: string, network: string | null): Guesser {
  if (by === 'target') return 'target';
  return by === network ? 'draft' : 'text';
}

export const GUESSERS: readonly { readonly guesser: Guesser; readonly label: string }[] = [
  { guesser: 'draft', label: 'the draft' },
  { guesser: 'text', label: 'what came before' },
  { guesser: 'target', label: 'nobody' },
];
