import type { DrafterOfDrafts } from './built-in-drafter.ts';
import { openNetworkDrafter } from './network-drafter.ts';

/**
 * EAGLE-2 (arXiv 2406.16858): every row passes fc with the target's feature. A draft of MSD runs so too, for comparison:
 * it then reads pictures as if they were words.
 */
export const eagle = {
  name: 'eagle',
  how: 'the same draft, pictures fused',
  drafts: true,
  runs: ['eagle', 'msd'],
  open: (context, draft, openSession) =>
    openNetworkDrafter('eagle', 'fused', context, draft, openSession),
} as const satisfies DrafterOfDrafts<'eagle' | 'msd'>;
