import type { Drafter, DraftState, TextGuesses } from '../contracts/drafter.ts';
import type { DrafterWithoutDraft, GuessesBeside } from './built-in-drafter.ts';
import { createSuffixGuesses } from './suffix-guesses.ts';

export const suffix = {
  name: 'suffix',
  how: 'repeats of earlier text, no draft needed',
  drafts: true,
  open: ({ imageTokenId }) => createSuffixDrafter(imageTokenId),
} as const satisfies DrafterWithoutDraft;

/** The same guesses beside a draft. */
export const besideDrafts = {
  name: suffix.name,
  open: ({ imageTokenId }) => createSuffixGuesses(imageTokenId),
} as const satisfies GuessesBeside;

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
 */
export function createSuffixDrafter(barrier: number | undefined): Drafter {
  const texts = new WeakMap<DraftState, TextGuesses>();
  return {
    name: suffix.name,
    drafts: true,
    isNetwork: false,
    open() {
      const text = createSuffixGuesses(barrier);
      const state = stateOver(text);
      texts.set(state, text);
      return state;
    },
    async run(jobs) {
      return jobs.map(({ state, rows, grow }) => {
        const text = texts.get(state);
        if (text === undefined) throw new RangeError('The state is of another drafter.');
        for (const { next } of rows) for (const id of next) text.push(id);
        return grow === undefined ? null : text.grow(grow);
      });
    },
  };
}

function stateOver(text: TextGuesses): DraftState {
  return {
    get length() {
      return text.length;
    },
    truncate: (to) => text.truncate(to),
    dispose: () => text.truncate(0),
  };
}
