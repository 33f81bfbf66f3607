import type { WeightRef } from '../../contracts/checkpoint.ts';
import type { Drafter } from '../../contracts/drafter.ts';
import { DrafterUnavailableError } from '../../contracts/errors.ts';
import type { DraftPositions } from '../../contracts/load.ts';
import type { Session } from '../../contracts/session.ts';
import type { Target } from '../../contracts/target.ts';
import { createMsdDrafter } from '../../draft/msd.ts';
import { buildMsdDraft } from '../../draft/msd-graph.ts';
import { createDraftNetwork } from '../../draft/msd-network.ts';
import { createNoDrafter } from '../../draft/none.ts';
import { createPromptLookupDrafter } from '../../draft/prompt-lookup.ts';
import { draftMethod } from '../../families/families.ts';
import type { Graph } from '../../graph/graph.ts';
import type { DraftFiles } from '../host.ts';

/** The drafters of a loaded model. Networks are opened when they are first asked for. */
export interface Drafters {
  /** `auto` is what the draft was made for, msd or eagle, else prompt-lookup. */
  readonly nameOf: (wanted: string) => string;
  /** @throws DrafterUnavailableError if the drafter needs a draft of its kind and there is none. */
  readonly get: (name: string) => Promise<Drafter>;
  readonly dispose: () => Promise<void>;
}

export function createDrafters(
  draft: DraftFiles | null,
  head: WeightRef,
  imageTokenId: number | undefined,
  openSession: (graph: Graph) => Promise<Session>,
  read: Target['read'],
  placing: DraftPositions = 'published',
  openOwn: (name: string) => Drafter | Promise<Drafter> | undefined = () => undefined,
): Drafters {
  const drafters = new Map<string, Promise<Drafter>>();
  const sessions: Session[] = [];
  const openNetwork = async (name: 'msd' | 'eagle'): Promise<Drafter> => {
    if (draft === null) {
      throw new DrafterUnavailableError(name, 'no draft is loaded.', {
        remedy: { kind: 'use-option', option: 'draft', to: 'give its folder' },
      });
    }
    if (name === 'msd' && draftMethod(draft.config) === 'eagle') {
      const reason = 'the draft is an EAGLE draft, which never saw a picture.';
      throw new DrafterUnavailableError(name, reason, {
        remedy: { kind: 'use-option', option: 'drafter', values: ['eagle'] },
      });
    }
    const fusion = name === 'msd' ? 'decoupled' : 'fused';
    const session = await openSession(buildMsdDraft(draft.config, draft.tensors, head, fusion));
    sessions.push(session);
    return createMsdDrafter(name, createDraftNetwork(session, draft.config, placing), read);
  };
  const open = async (name: string): Promise<Drafter> => {
    if (name === 'msd' || name === 'eagle') return openNetwork(name);
    if (name === 'prompt-lookup') return createPromptLookupDrafter(imageTokenId);
    if (name === 'none') return createNoDrafter();
    const own = await openOwn(name);
    if (own?.name === name) return own;
    const reason = own === undefined ? 'there is none.' : `it calls itself "${own.name}".`;
    throw new DrafterUnavailableError(name, reason);
  };
  return {
    nameOf(wanted) {
      if (wanted !== 'auto') return wanted;
      return draft === null ? 'prompt-lookup' : draftMethod(draft.config);
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
