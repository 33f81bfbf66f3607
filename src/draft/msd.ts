import type { DrafterOfDrafts } from './built-in-drafter.ts';
import { openNetworkDrafter } from './network-drafter.ts';

/** MSD (arXiv 2505.14260, section 3.2): a visual row enters the draft's layer as its embedding, past fc and feature. */
export const msd = {
  name: 'msd',
  how: 'the draft, pictures decoupled',
  drafts: true,
  runs: ['msd'],
  open: (context, draft, openSession) =>
    openNetworkDrafter('msd', 'decoupled', context, draft, openSession),
} as const satisfies DrafterOfDrafts<'msd'>;
