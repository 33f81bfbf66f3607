import { useCallback, useEffect, useReducer, useRef } from 'preact/hooks';
import { isRunning } from '../answer/answer.ts';
import type { AnswerEvent } from '../answer/answer-event.ts';
import { ask } from '../api/ask.ts';
import { chatBody } from '../api/chat-body.ts';
import type { History } from '../history/history.ts';
import type { Settings } from '../settings/settings.ts';
import { type Conversation, changeConversation, type Picture, type Turn } from './conversation.ts';

export interface Chat {
  readonly conversation: Conversation;
  readonly send: (text: string, pictures: readonly Picture[]) => void;
  readonly retry: () => void;
  readonly stop: () => void;
  readonly open: (conversation: Conversation) => void;
}

/** Milliseconds between two drawings: the machine that draws is mostly the one that answers. */
const TURN = 50;
/** Milliseconds after which what is being written is kept again: a reload cuts it there. */
const KEPT_EVERY = 1000;

export const drawSeed = (): number => Math.floor(Math.random() * 2 ** 31);

export const newConversation = (): Conversation => ({
  ...{ id: crypto.randomUUID?.() ?? String(Math.random()), changed: Date.now(), turns: [] },
});

/** A conversation that is asked on, and kept: when something began or ended, and every second between. */
export function useChat(settings: Settings, apiKey: string, history: History): Chat {
  const [conversation, change] = useReducer(changeConversation, undefined, newConversation);
  const running = useRef<AbortController | null>(null);

  const last = conversation.turns.at(-1);
  const isMoving = last?.role === 'assistant' && isRunning(last.answer);
  const isAsked = last?.role === 'assistant' && last.answer.state === 'waiting';
  const kept = last === undefined || (isMoving && !isAsked) ? null : conversation;
  useEffect(() => {
    if (kept !== null) void history.keep(kept);
  }, [kept, history]);
  const latest = useRef(conversation);
  latest.current = conversation;
  useEffect(() => {
    if (!isMoving) return;
    const timer = setInterval(() => void history.keep(latest.current), KEPT_EVERY);
    return () => clearInterval(timer);
  }, [isMoving, history]);

  const answer = useCallback(
    async (turns: readonly Turn[], seed: number) => {
      const leave = new AbortController();
      running.current = leave;
      const start = performance.now();
      let waiting: { event: AnswerEvent; at: number }[] = [];
      const tell = () => {
        if (waiting.length > 0 && running.current === leave)
          change({ type: 'told', events: waiting });
        waiting = [];
      };
      let isEnded = false;
      const timer = setInterval(tell, TURN);
      const end = (error: string | null) => {
        tell();
        if (running.current === leave) change({ type: 'ended', error });
      };
      try {
        for await (const events of ask(chatBody(turns, settings, seed), apiKey, leave.signal)) {
          const at = performance.now() - start;
          waiting.push(...events.map((event) => ({ event, at })));
          isEnded ||= events.some(({ type }) => type === 'end');
        }
        if (isEnded) tell();
        else end('The stream ended before the answer did.');
      } catch (error) {
        end(leave.signal.aborted ? null : error instanceof Error ? error.message : String(error));
      } finally {
        clearInterval(timer);
        if (running.current === leave) running.current = null;
      }
    },
    [settings, apiKey],
  );

  return {
    conversation,
    send(text, pictures) {
      const question = { role: 'user', text, pictures } as const;
      const seed = settings.seed ?? drawSeed();
      change({ type: 'asked', question, seed, now: Date.now() });
      void answer([...conversation.turns, question], seed);
    },
    retry() {
      const seed = settings.seed ?? drawSeed();
      change({ type: 'asked again', seed, now: Date.now() });
      void answer(conversation.turns.slice(0, -1), seed);
    },
    stop: () => running.current?.abort(),
    open(other) {
      running.current?.abort();
      running.current = null;
      change({ type: 'opened', conversation: other });
    },
  };
}
