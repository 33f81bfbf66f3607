import type { Drafter, DrafterName, DraftRows, DraftState } from '../contracts/drafter.ts';
import type { Sequence, Target } from '../contracts/target.ts';
import { cutDraftRows } from './cut-draft-rows.ts';
import type { PreparedPrompt } from './prepare-prompt.ts';

/** What a position holds: a token id, or a picture's digest and the place within it. */
export type Slot = number | string;

/** A text in the caches of target and draft. */
export interface Conversation {
  readonly drafterName: DrafterName;
  readonly sequence: Sequence;
  readonly draft: DraftState | null;
  /** Rows that the draft has not read yet. */
  unread: readonly DraftRows[];
  /** The committed positions. */
  slots: Slot[];
}

/** Caches of answers that ended: a next turn that begins with the same text goes on from there. */
export interface Conversations {
  /** The conversation that shares most with the prompt, cut to the shared part, or a new one. */
  take(prompt: PreparedPrompt, drafter: Drafter): Conversation;
  /** Keeps a conversation for later; the oldest beyond a few are given up. */
  keep(conversation: Conversation): void;
  dispose(): void;
}

const KEPT = 4;

export function createConversations(target: Target): Conversations {
  let kept: Conversation[] = [];
  return {
    take(prompt, drafter) {
      const wanted = slotsOf(prompt);
      const candidates = kept
        .filter(({ drafterName }) => drafterName === drafter.name)
        .map((conversation) => ({ conversation, shared: shared(conversation.slots, wanted) }));
      const best = candidates.reduce<(typeof candidates)[number] | undefined>(
        (a, b) => (a !== undefined && a.shared >= b.shared ? a : b),
        undefined,
      );
      // The last shared row is read again: the draft pairs it with the token that follows, which is new.
      const length = Math.min((best?.shared ?? 0) - 1, wanted.length - 1);
      if (best === undefined || length < 1) return open(target, drafter);
      kept = kept.filter((conversation) => conversation !== best.conversation);
      cut(best.conversation, length);
      return best.conversation;
    },
    keep(conversation) {
      kept.push(conversation);
      while (kept.length > KEPT) close(kept.shift() as Conversation);
    },
    dispose() {
      kept.forEach(close);
      kept = [];
    },
  };
}

export function slotsOf(prompt: PreparedPrompt): Slot[] {
  const slots: Slot[] = [...prompt.ids];
  for (const [index, { start, length }] of prompt.spans.entries()) {
    const digest = prompt.pictures[index]?.digest;
    for (let i = 0; i < length; i++) slots[start + i] = `${digest}:${i}`;
  }
  return slots;
}

function shared(a: readonly Slot[], b: readonly Slot[]): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return i;
  return end;
}

function open(target: Target, drafter: Drafter): Conversation {
  const draft = drafter.name === 'none' ? null : drafter.open();
  return { drafterName: drafter.name, sequence: target.open(), draft, unread: [], slots: [] };
}

/** Forgets everything from `length` on, in both caches. */
export function cut(conversation: Conversation, length: number): void {
  const { sequence, draft } = conversation;
  sequence.truncate(length);
  conversation.slots = conversation.slots.slice(0, length);
  if (draft === null) return;
  conversation.unread = cutDraftRows(conversation.unread, Math.max(0, length - draft.length));
  if (draft.length > length) draft.truncate(length);
}

export function close({ sequence, draft }: Conversation): void {
  sequence.dispose();
  draft?.dispose();
}
