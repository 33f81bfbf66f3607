import type { Drafter, DraftRows, DraftState, TextGuesses } from '../../contracts/drafter.ts';
import type { Sequence, Target } from '../../contracts/target.ts';
import { cutDraftRows } from './cut-draft-rows.ts';
import type { PreparedPrompt } from './read-prompt.ts';

/** What a position holds: a token id, or a picture's digest and the place within it. */
type Slot = number | string;

/**
 * A text in the caches of target and draft. Between units of work `slots` are behind, but once it is kept:
 * rows that the draft has read + unread rows = rows of the sequence = slots.
 */
export interface Conversation {
  readonly drafterName: string;
  readonly sequence: Sequence;
  readonly draft: DraftState | null;
  /** Rows that the draft has not read yet. */
  unread: readonly DraftRows[];
  /** What is guessed from the text without a draft, once that was wanted; behind the rows, or a token ahead. */
  guesses: TextGuesses | null;
  /** The committed positions. */
  slots: Slot[];
}

/** Caches of answers that ended: a next turn that begins with the same text goes on from there. */
export interface Conversations {
  /**
   * The conversation that shares most with the prompt, cut to the shared part, or a new one. One that shares
   * less than half of the shorter of both, as a system message, is left to its own next turn.
   */
  reuse(prompt: PreparedPrompt, drafter: Drafter): Conversation;
  /** Keeps a conversation for later; the oldest beyond a few are given up. */
  store(conversation: Conversation): void;
  /** Gives up the oldest until so many columns are enough for the rest. */
  shrink(columns: number): void;
  dispose(): void;
}

/** @param most conversations that are kept */
export function createConversations(target: Target, most: number): Conversations {
  let kept: Conversation[] = [];
  return {
    reuse(prompt, drafter) {
      const wanted = slotsOf(prompt);
      const [best] = kept
        .filter((conversation) => conversation.drafterName === drafter.name)
        .map((conversation) => ({ conversation, common: sharedLength(conversation.slots, wanted) }))
        .filter(({ conversation: { slots }, common }) => {
          return 2 * common >= Math.min(slots.length, wanted.length);
        })
        .sort((a, b) => b.common - a.common);
      // The last shared row is read again: the draft pairs it with the token that follows, which may be new.
      const length = (best?.common ?? 0) - 1;
      if (best === undefined || length < 1) return open(target, drafter);
      kept = kept.filter((conversation) => conversation !== best.conversation);
      cut(best.conversation, length);
      return best.conversation;
    },
    store(conversation) {
      kept.push(conversation);
      while (kept.length > most) close(kept.shift() as Conversation);
    },
    shrink(columns) {
      const held = () => kept.reduce((sum, { sequence }) => sum + sequence.length, 0);
      while (kept.length > 0 && held() > columns) close(kept.shift() as Conversation);
    },
    dispose() {
      kept.forEach(close);
      kept = [];
    },
  };
}

function slotsOf(prompt: PreparedPrompt): Slot[] {
  const slots: Slot[] = [...prompt.ids];
  for (const { start, length, picture, row } of prompt.spans) {
    const digest = prompt.pictures[picture]?.digest;
    for (let i = 0; i < length; i++) slots[start + i] = `${digest}:${row + i}`;
  }
  return slots;
}

/** Length of the common beginning. */
function sharedLength(a: readonly Slot[], b: readonly Slot[]): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return i;
  return end;
}

function open(target: Target, drafter: Drafter): Conversation {
  const draft = drafter.drafts ? drafter.open() : null;
  const sequence = target.open();
  return { drafterName: drafter.name, sequence, draft, unread: [], guesses: null, slots: [] };
}

/** Leaves only what was written in the caches: the last round may have committed rows beyond the end of the answer. */
export function trimToAnswer(
  conversation: Conversation,
  prompt: PreparedPrompt,
  ids: readonly number[],
): void {
  conversation.slots = [...slotsOf(prompt), ...ids];
  cut(conversation, Math.min(conversation.sequence.length, conversation.slots.length));
}

/** Forgets everything from `length` on, in both caches. */
function cut(conversation: Conversation, length: number): void {
  const { sequence, draft, guesses } = conversation;
  sequence.truncate(length);
  if (guesses !== null && guesses.length > length) guesses.truncate(length);
  conversation.slots = conversation.slots.slice(0, length);
  if (draft === null) return;
  conversation.unread = cutDraftRows(conversation.unread, Math.max(0, length - draft.length));
  if (draft.length > length) draft.truncate(length);
}

export function close({ sequence, draft }: Conversation): void {
  sequence.dispose();
  draft?.dispose();
}
