import type { Drafter, DraftState, RecycledTokens, TextGuesses } from '../contracts/drafter.ts';
import type { DrafterWithoutDraft } from './built-in-drafter.ts';
import { createDraftStates } from './draft-states.ts';
import { createSuffixGuesses } from './suffix-guesses.ts';

export const suffix = {
  name: 'suffix',
  how: 'repeats of earlier text, no draft needed',
  drafts: true,
  open: ({ imageTokenId }) => createSuffixDrafter(imageTokenId),
} as const satisfies DrafterWithoutDraft;

/** The same, by the name of the simpler one that it took the place of. */
export const promptLookup = {
  ...suffix,
  name: 'prompt-lookup',
  how: 'suffix, by another name',
  open: ({ imageTokenId }) => ({ ...createSuffixDrafter(imageTokenId), name: 'prompt-lookup' }),
} as const satisfies DrafterWithoutDraft;

/**
 * Guesses from the text alone, as a drafter of their own.
 * @param barrier placeholder id of pictures, if the model reads any: it ends a continuation and is never proposed
 * @param recycled what the target held likely of late, which is guessed too. Default: nothing
 */
export function createSuffixDrafter(
  barrier: number | undefined,
  recycled?: RecycledTokens,
): Drafter {
  const states = createDraftStates<SuffixState>();
  return {
    name: suffix.name,
    drafts: true,
    isNetwork: false,
    open: () => states.add(stateOver(createSuffixGuesses(barrier, recycled))),
    async run(jobs) {
      return jobs.map(({ state, rows, grow }) => {
        const { text } = states.of({ state });
        for (const { next } of rows) for (const id of next) text.push(id);
        return grow === undefined ? null : text.grow(grow);
      });
    },
  };
}

interface SuffixState extends DraftState {
  readonly text: TextGuesses;
}

function stateOver(text: TextGuesses): SuffixState {
  return {
    text,
    get length() {
      return text.length;
    },
    truncate: (to) => text.truncate(to),
    dispose: () => text.truncate(0),
  };
}
