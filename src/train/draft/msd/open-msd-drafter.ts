import type { DraftConfig } from '../../../contracts/checkpoint.ts';
import { buildMsdDraft } from '../../../draft/msd-graph.ts';
import { createDraftNetwork } from '../../../draft/msd-network.ts';
import { createNetworkDrafter } from '../../../draft/network-drafter.ts';
import type { Host } from '../../../engine/host.ts';
import type { Model } from '../../../engine/model.ts';
import type { DraftWeights } from '../../../learn/draft/msd/draft-learning.ts';
import type { DraftObjective } from '../../../learn/draft/msd/draft-loss.ts';
import type { OpenDrafter } from '../draft-teaching.ts';

export async function openMsdDrafter(
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
