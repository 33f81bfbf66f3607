/** Conversations kept in this browser. */
import { clear, createStore, del, set, type UseStore, values } from 'idb-keyval';
import { endAnswer, isRunning } from '../answer/answer.ts';
import type { Conversation, Turn } from '../chat/conversation.ts';

export interface History {
  /** Newest first. */
  readonly all: () => Promise<readonly Conversation[]>;
  readonly keep: (conversation: Conversation) => Promise<void>;
  readonly remove: (id: string) => Promise<void>;
  readonly clear: () => Promise<void>;
}

export function browserHistory(store: UseStore = createStore('msd', 'conversations')): History {
  return {
    all: async () => settled(await values<Conversation>(store)),
    keep: (conversation) => set(conversation.id, conversation, store),
    remove: (id) => del(id, store),
    clear: () => clear(store),
  };
}

/** Newest first; an answer that was cut by leaving the page counts as stopped. */
export function settled(kept: readonly Conversation[]): readonly Conversation[] {
  return kept
    .map((conversation) => ({ ...conversation, turns: conversation.turns.map(settledTurn) }))
    .sort((a, b) => b.changed - a.changed);
}

function settledTurn(turn: Turn): Turn {
  if (turn.role !== 'assistant' || !isRunning(turn.answer)) return turn;
  return { ...turn, answer: endAnswer(turn.answer, null) };
}
