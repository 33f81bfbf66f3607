/** A conversation, and what happens to it. */
import { type Answer, endAnswer, NEW_ANSWER, takeEvent } from '../answer/answer.ts';
import type { AnswerEvent } from '../answer/answer-event.ts';

export interface Picture {
  readonly name: string;
  /** With its data in it. */
  readonly url: string;
}

export interface Question {
  readonly role: 'user';
  readonly text: string;
  readonly pictures: readonly Picture[];
}

export interface Reply {
  readonly role: 'assistant';
  readonly answer: Answer;
  readonly seed: number;
}

export type Turn = Question | Reply;

export interface Conversation {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly changed: number;
  readonly turns: readonly Turn[];
}

export type ChatAction =
  | { readonly type: 'opened'; readonly conversation: Conversation }
  | {
      readonly type: 'asked';
      readonly question: Question;
      readonly seed: number;
      readonly now: number;
    }
  | { readonly type: 'asked again'; readonly seed: number; readonly now: number }
  | { readonly type: 'told'; readonly events: readonly { event: AnswerEvent; at: number }[] }
  | { readonly type: 'ended'; readonly error: string | null };

export function changeConversation(before: Conversation, action: ChatAction): Conversation {
  switch (action.type) {
    case 'opened':
      return action.conversation;
    case 'asked': {
      const { question, seed, now } = action;
      return { ...before, changed: now, turns: [...before.turns, question, newReply(seed)] };
    }
    case 'asked again': {
      const { seed, now } = action;
      return { ...before, changed: now, turns: [...before.turns.slice(0, -1), newReply(seed)] };
    }
    case 'told':
      return changeReply(before, (answer) =>
        action.events.reduce((so, { event, at }) => takeEvent(so, event, at), answer),
      );
    case 'ended':
      return changeReply(before, (answer) => endAnswer(answer, action.error));
  }
}

const newReply = (seed: number): Reply => ({ role: 'assistant', answer: NEW_ANSWER, seed });

function changeReply(before: Conversation, change: (answer: Answer) => Answer): Conversation {
  const last = before.turns.at(-1);
  if (last?.role !== 'assistant') return before;
  const reply = { ...last, answer: change(last.answer) };
  return { ...before, turns: [...before.turns.slice(0, -1), reply] };
}

/** The beginning of its first question. */
export function titleOf({ turns }: Conversation): string {
  const [first] = turns;
  if (first?.role !== 'user') return 'Nothing asked yet';
  if (first.text !== '') return first.text.slice(0, 80);
  return first.pictures.map(({ name }) => name).join(', ');
}

/** The place of the latest answer; -1 without one. */
export const latestReply = (turns: readonly Turn[]): number =>
  turns.findLastIndex(({ role }) => role === 'assistant');
