import type { Drafter, DraftRows, DraftState, TextGuesses } from '../../contracts/drafter.ts';
import type { Sequence, Target } from '../../contracts/target.ts';
import { BLOCK } from '../../graph/blocks/block-attention.ts';
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

/** Another answer that is about to read what a prompt begins with. */
interface Ahead {
  /** Whether it has read that, or has ended. */
  readonly arrived: boolean;
}

/** Caches of answers: what begins with the same text goes on from there. */
export interface Conversations {
  /** Of those that are about to read more of the prompt than any has read, by a block or more, the one that reads most of it. */
  ahead(prompt: PreparedPrompt, drafter: Drafter): Ahead | null;
  /**
   * A conversation that has read what it shares with the one that shares most with the prompt. That one itself, cut to the
   * shared part, where its answer ended, the shared part is half of the shorter of both or more, and less than a block of it
   * is lost: a next turn. A copy else, as of a system message or of one that still runs, so that both go on. A new one
   * where nothing is shared.
   */
  reuse(prompt: PreparedPrompt, drafter: Drafter): Conversation;
  /** One that shares nothing with others, nor others with it. */
  begin(drafter: Drafter): Conversation;
  /** Keeps a conversation whose answer ended for later; the oldest are given up that there is no room for beside it. */
  store(conversation: Conversation): void;
  /** Gives up one whose answer failed, or is to leave nothing. */
  drop(conversation: Conversation): void;
  /** Gives up the oldest until so many columns are enough for the rest, and the newest, too, where they are not for it. */
  shrink(columns: number): void;
  dispose(): void;
}

/** Most that are kept, however short they are: each prompt is compared with all. */
const MOST_KEPT = 256;

/** @param most columns that those that are kept may take, but for the newest; with 0 none is kept, or shared while it runs */
export function createConversations(target: Target, most: number): Conversations {
  let kept: Conversation[] = [];
  /** Those whose answers run, and what they have of their prompts, or will have. */
  const running = new Map<Conversation, readonly Slot[]>();

  /** What may be gone on with: how much of it is shared, and whether it may be taken as it is. */
  const candidates = (wanted: readonly Slot[], drafter: Drafter) =>
    [...kept.map((one) => [one, one.slots] as const), ...running]
      .filter(([{ drafterName }]) => drafterName === drafter.name)
      .map(([conversation, slots]) => {
        const common = Math.min(sharedLength(slots, wanted), conversation.sequence.length);
        const isMost = 2 * common >= Math.min(slots.length, wanted.length);
        const isAll = slots.length - common < BLOCK || !isCopied(conversation);
        return { conversation, common, own: isMost && isAll && !running.has(conversation) };
      })
      // The last shared row is read again: the draft pairs it with the token that follows, which may be new.
      .filter(
        ({ conversation, common, own }) => common > 1 && (own || copies(conversation, common - 1)),
      )
      .sort((a, b) => b.common - a.common || Number(b.own) - Number(a.own));
  /** Where a kept one begins with the same blocks, they are held once. */
  const joinKept = ({ sequence, slots }: Conversation) => {
    const commons = kept.map((other) => sharedLength(other.slots, slots));
    const common = Math.max(0, ...commons);
    const other = kept[commons.indexOf(common)];
    if (other !== undefined && common >= BLOCK) sequence.join?.(other.sequence, common);
  };
  const giveUp = (isTooMuch: () => boolean) => {
    while (isTooMuch()) close(kept.shift() as Conversation);
  };
  const held = () => target.columns(kept.map(({ sequence }) => sequence));
  const take = (wanted: readonly Slot[], drafter: Drafter): Conversation => {
    const [best] = candidates(wanted, drafter);
    if (best === undefined) return open(target, drafter);
    const { conversation, common, own } = best;
    if (!own) return copy(conversation, wanted.slice(0, common - 1));
    kept = kept.filter((one) => one !== conversation);
    cut(conversation, common - 1);
    return conversation;
  };
  return {
    reuse(prompt, drafter) {
      const wanted = slotsOf(prompt);
      const conversation = take(wanted, drafter);
      if (most > 0) running.set(conversation, wanted);
      return conversation;
    },
    ahead(prompt, drafter) {
      const wanted = slotsOf(prompt);
      const [best] = [...running]
        .map(([conversation, slots]) => ({ conversation, common: sharedLength(slots, wanted) }))
        .filter(({ conversation, common }) => {
          const { drafterName, sequence } = conversation;
          return drafterName === drafter.name && isCopied(conversation) && common > sequence.length;
        })
        .sort((a, b) => b.common - a.common);
      if (best === undefined) return null;
      const { conversation, common } = best;
      const read = candidates(wanted, drafter)[0]?.common ?? 0;
      if (common < read + BLOCK) return null;
      return {
        get arrived() {
          return !running.has(conversation) || conversation.sequence.length >= common;
        },
      };
    },
    begin: (drafter) => open(target, drafter),
    drop(conversation) {
      running.delete(conversation);
      close(conversation);
    },
    store(conversation) {
      running.delete(conversation);
      joinKept(conversation);
      kept.push(conversation);
      giveUp(() => kept.length > MOST_KEPT || (kept.length > Math.min(1, most) && held() > most));
    },
    shrink(columns) {
      giveUp(() => kept.length > 0 && held() > columns);
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

const isCopied = ({ sequence, draft }: Conversation): boolean =>
  sequence.copy !== undefined && (draft === null || draft.copy !== undefined);

/** Whether the first `length` rows can be copied: one that runs may have a pass of its draft behind it that it has not noted. */
function copies(conversation: Conversation, length: number): boolean {
  const { sequence, draft, unread } = conversation;
  if (!isCopied(conversation)) return false;
  if (draft === null || draft.length >= length) return true;
  return draft.length + unread.reduce((sum, { next }) => sum + next.length, 0) === sequence.length;
}

/** Another conversation that begins with the same rows. What is guessed from the text is found anew. */
function copy(from: Conversation, slots: Slot[]): Conversation {
  const { drafterName, sequence, draft, unread } = from;
  const read = Math.min(draft?.length ?? 0, slots.length);
  return {
    drafterName,
    sequence: (sequence.copy as NonNullable<Sequence['copy']>)(slots.length),
    draft: draft?.copy?.(read) ?? null,
    unread: draft === null ? [] : cutDraftRows(unread, slots.length - read),
    guesses: null,
    slots,
  };
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

function close({ sequence, draft }: Conversation): void {
  sequence.dispose();
  draft?.dispose();
}
