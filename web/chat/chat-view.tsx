import { useEffect, useRef } from 'preact/hooks';
import { isRunning } from '../answer/answer.ts';
import { Composer, type ComposerLimits } from './composer.tsx';
import { latestReply } from './conversation.ts';
import { Legend } from './legend.tsx';
import { QuestionView } from './question-view.tsx';
import { ReplyView } from './reply-view.tsx';
import type { Chat } from './use-chat.ts';

/** The answer, by its turn, and the pass of it that is looked at. */
export interface Look {
  readonly turn: number | null;
  readonly pass: number | null;
}

export interface ChatViewProps {
  readonly chat: Chat;
  readonly limits: ComposerLimits;
  readonly colours: boolean;
  readonly setColours: (colours: boolean) => void;
  readonly look: Look;
  readonly setLook: (look: Look) => void;
}

/** Pixels from the end within which one counts as reading along. */
const NEAR = 120;

export function ChatView({ chat, limits, colours, setColours, look, setLook }: ChatViewProps) {
  const { turns } = chat.conversation;
  const latest = latestReply(turns);
  const last = turns.at(-1);
  const isMoving = last?.role === 'assistant' && isRunning(last.answer);
  const scroller = useRef<HTMLElement>(null);
  useEffect(() => {
    const host = scroller.current;
    if (host === null || turns.length === 0) return;
    const left = host.scrollHeight - host.scrollTop - host.clientHeight;
    if (left < NEAR || last?.role !== 'assistant' || last.answer.state === 'waiting') {
      host.scrollTop = host.scrollHeight;
    }
  }, [turns, last]);
  return (
    <section class="chat" aria-label="Chat">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="turns" ref={scroller} aria-label="Conversation" tabIndex={0}>
        {turns.length === 0 && <Hero readsPictures={limits.readsPictures} />}
        {turns.map((turn, place) =>
          turn.role === 'user' ? (
            <QuestionView key={place} question={turn} />
          ) : (
            <ReplyView
              key={place}
              reply={turn}
              colours={colours}
              isShown={place === (look.turn ?? latest)}
              chosen={look.pass}
              choose={(pass) => setLook({ turn: place, pass })}
              retry={place === turns.length - 1 ? chat.retry : null}
            />
          ),
        )}
      </section>
      <Composer
        label="Ask something"
        action="Send"
        isRunning={isMoving}
        limits={limits}
        send={(text, pictures) => {
          setLook({ turn: null, pass: null });
          chat.send(text, pictures);
        }}
        stop={chat.stop}
      >
        <Legend colours={colours} setColours={setColours} />
      </Composer>
    </section>
  );
}

function Hero({ readsPictures }: { readonly readsPictures: boolean }) {
  return (
    <div class="hero">
      <h2>{readsPictures ? 'Ask about a picture.' : 'Ask something.'}</h2>
      <p>
        Every word is the model’s own. Colours show who guessed it first:{' '}
        <span class="coloured">
          <span class="word draft">a small draft</span>,{' '}
          <span class="word text">what came before</span>
        </span>
        , or nobody. What is guessed right comes several words at a time.
      </p>
    </div>
  );
}
