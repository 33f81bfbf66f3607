import type { DraftConfig, WeightRef } from '../../contracts/checkpoint.ts';
import type { Drafter, DrafterName } from '../../contracts/drafter.ts';
import { DrafterUnavailableError } from '../../contracts/errors.ts';
import type { DraftPositions } from '../../contracts/load.ts';
import type { Session } from '../../contracts/session.ts';
import type { Target } from '../../contracts/target.ts';
import { createMsdDrafter } from '../../draft/msd.ts';
import { buildMsdDraft } from '../../draft/msd-graph.ts';
import { createDraftNetwork } from '../../draft/msd-network.ts';
import { createNoDrafter } from '../../draft/none.ts';
import { createPromptLookupDrafter } from '../../draft/prompt-lookup.ts';
import type { Graph } from '../../graph/graph.ts';
import type { DraftFiles } from '../host.ts';

/** The drafters of a loaded model. Networks are opened when they are first asked for. */
export interface Drafters {
  /** `auto` is what the draft was made for, msd or eagle, else prompt-lookup. */
  readonly nameOf: (wanted: DrafterName | 'auto') => DrafterName;
  /** @throws DrafterUnavailableError if the drafter needs a draft of its kind and there is none. */
  readonly get: (name: DrafterName) => Promise<Drafter>;
  readonly dispose: () => Promise<void>;
}

export function createDrafters(
  draft: DraftFiles | null,
  head: WeightRef,
  imageTokenId: number | undefined,
  openSession: (graph: Graph) => Promise<Session>,
  read: Target['read'],
  placing: DraftPositions = 'published',
): Drafters {
  const drafters = new Map<DrafterName, Promise<Drafter>>();
  const sessions: Session[] = [];
  const openNetwork = async (name: 'msd' | 'eagle'): Promise<Drafter> => {
    if (draft === null)
      throw new DrafterUnavailableError(name, 'no draft is loaded; give its folder with --draft.');
    if (name === 'msd' && methodOf(draft.config) === 'eagle') {
      const reason = 'the draft is an EAGLE draft, which never saw a picture; use --drafter eagle.';
      throw new DrafterUnavailableError(name, reason);
    }
    const fusion = name === 'msd' ? 'decoupled' : 'fused';
    const session = await openSession(buildMsdDraft(draft.config, draft.tensors, head, fusion));
    sessions.push(session);
    return createMsdDrafter(name, createDraftNetwork(session, draft.config, placing), read);
  };
  const open = async (name: DrafterName): Promise<Drafter> => {
    if (name === 'none') return createNoDrafter();
    return name === 'prompt-lookup' ? createPromptLookupDrafter(imageTokenId) : openNetwork(name);
  };
  return {
    nameOf(wanted) {
      if (wanted !== 'auto') return wanted;
      return draft === null ? 'prompt-lookup' : methodOf(draft.config);
    },
    get(name) {
      const known = drafters.get(name);
      if (known !== undefined) return known;
      const opening = open(name);
      drafters.set(name, opening);
      opening.catch(() => drafters.delete(name)); // the next request may have more luck
      return opening;
    },
    async dispose() {
      await Promise.all(sessions.map((session) => session.dispose()));
    },
  };
}

/** A draft for a text decoder was trained without pictures: it reads them fused, like words. */
const methodOf = ({ family }: DraftConfig): 'msd' | 'eagle' =>
  family === 'llama' || family === 'qwen2' ? 'eagle' : 'msd';
