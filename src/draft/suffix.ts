import type { Drafter, DraftState, TextGuesses } from '../contracts/drafter.ts';
import type { DrafterWithoutDraft, GuessesBeside } from './built-in-drafter.ts';
import { createDraftStates, type DraftStates } from './draft-states.ts';
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
  const states = createDraftStates<SuffixState>();
  return {
    name: suffix.name,
    drafts: true,
    isNetwork: false,
    open: () => openState(barrier, states),
    async run(jobs) {
      return jobs.map(({ state, rows, grow }) => {
        const { text, push } = states.of({ state });
        for (const { next } of rows) push(next);
        return grow === undefined ? null : text.grow(grow);
      });
    },
  };
}

interface SuffixState extends DraftState {
  readonly text: TextGuesses;
  readonly push: (ids: Iterable<number>) => void;
}

function openState(
  barrier: number | undefined,
  states: DraftStates<SuffixState>,
  first: readonly number[] = [],
): SuffixState {
  const text = createSuffixGuesses(barrier);
  const ids: number[] = [];
  const push = (more: Iterable<number>) => {
    for (const id of more) {
      ids.push(id);
      text.push(id);
    }
  };
  const truncate = (to: number) => {
    text.truncate(to);
    ids.length = to;
  };
  push(first);
  return states.add({
    text,
    push,
    get length() {
      return text.length;
    },
    truncate,
    copy: (length) => openState(barrier, states, ids.slice(0, length)),
    dispose: () => truncate(0),
  });
}
