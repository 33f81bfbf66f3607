import type { DraftConfig } from '../../contracts/checkpoint.ts';
import type { Drafter } from '../../contracts/drafter.ts';
import { buildMsdDraft } from '../../draft/msd-graph.ts';
import { createDraftNetwork } from '../../draft/msd-network.ts';
import { createNetworkDrafter } from '../../draft/network-drafter.ts';
import type { Host } from '../../engine/host.ts';
import type { Model } from '../../engine/model.ts';
import type { DraftWeights } from '../../learn/draft/draft-learning.ts';
import type { DraftObjective } from '../../learn/draft/draft-loss.ts';

/** A draft that decodes with the weights that it has now, wherever they are. */
export interface OpenDrafter {
  readonly drafter: Drafter;
  readonly dispose: () => Promise<void>;
}

export async function openDrafter(
  { openSession }: Pick<Host, 'openSession'>,
  { target }: Pick<Model, 'target'>,
  draft: DraftConfig,
  { tensors, head }: DraftWeights,
  { fusion, placing }: Pick<DraftObjective, 'fusion' | 'placing'>,
): Promise<OpenDrafter> {
  const session = await openSession(buildMsdDraft(draft, tensors, head, fusion));
  const network = createDraftNetwork(session, draft, placing);
  const drafter = createNetworkDrafter('in training', network, target.read);
  return { drafter, dispose: () => session.dispose() };
}
