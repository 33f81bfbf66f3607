import { openBlockDrafter } from './block-drafter.ts';
import type { DrafterOfDrafts } from './built-in-drafter.ts';

/** A block draft (DFlash, arXiv 2602.06036; DSpark, arXiv 2607.05147), pictures as it learned them. */
export const block = {
  name: 'block',
  how: 'a draft that guesses a whole tree in one call',
  drafts: true,
  runs: ['block'],
  open: (context, draft, openSession) => openBlockDrafter('block', context, draft, openSession),
} as const satisfies DrafterOfDrafts<'block'>;
