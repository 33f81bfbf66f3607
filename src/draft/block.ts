import { createBlockDrafter } from './block-drafter.ts';
import { buildBlockDraft } from './block-graph.ts';
import { createBlockDraftNetwork } from './block-network.ts';
import type { DrafterOfDrafts } from './built-in-drafter.ts';

/** A block draft (DFlash, arXiv 2602.06036; DSpark, arXiv 2607.05147), pictures as it learned them. */
export const block = {
  name: 'block',
  how: 'a draft that guesses a whole tree in one call',
  drafts: true,
  runs: ['block'],
  async open({ target }, { config, tensors, embedding, head }, openSession) {
    const session = await openSession(buildBlockDraft(config, tensors, { embedding, head }));
    return createBlockDrafter('block', createBlockDraftNetwork(session, config), target.read);
  },
} as const satisfies DrafterOfDrafts<'block'>;
