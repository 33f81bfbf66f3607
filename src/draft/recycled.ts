import type { DrafterWithoutDraft, GuessesBeside } from './built-in-drafter.ts';
import { createSuffixDrafter } from './suffix.ts';
import { createSuffixGuesses } from './suffix-guesses.ts';

export const recycled = {
  name: 'recycled',
  how: 'repeats, and what the model held likely before; no draft needed',
  drafts: true,
  open: ({ imageTokenId, recycled }) => ({
    ...createSuffixDrafter(imageTokenId, recycled),
    name: 'recycled',
    recycles: true,
  }),
} as const satisfies DrafterWithoutDraft;

/** The same guesses beside a draft. */
export const besideDrafts = {
  name: recycled.name,
  recycles: true,
  open: ({ imageTokenId, recycled }) => createSuffixGuesses(imageTokenId, recycled),
} as const satisfies GuessesBeside;
