import { useEffect, useRef } from 'preact/hooks';
import { isRunning, textOf, wordsOf } from '../answer/answer.ts';
import { meanOf, meanSpeed, tokensPerPass } from '../answer/figures.ts';
import type { Reply } from './conversation.ts';
import { ToldWords } from './told-words.tsx';

export interface ReplyViewProps {
  readonly reply: Reply;
  readonly colours: boolean;
  /** The pass of it that is looked at. */
  readonly chosen: number | null;
  readonly isShown: boolean;
  readonly choose: (pass: number | null) => void;
  /** Where it may be asked for again. */
  readonly retry: (() => void) | null;
}

export function ReplyView(props: ReplyViewProps) {
  const { reply, colours, chosen, isShown, choose, retry } = props;
  const { answer } = reply;
  const running = isRunning(answer);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const pick = ({ target }: MouseEvent) => {
      const pass = (target as Element).closest<HTMLElement>('[data-pass]')?.dataset.pass;
      if (pass !== undefined) choose(Number(pass));
    };
    const host = frame.current;
    host?.addEventListener('click', pick);
    return () => host?.removeEventListener('click', pick);
  }, [choose]);
  return (
    <article class="reply" aria-label="Answer" aria-busy={running} ref={frame}>
      {answer.state === 'waiting' && <p class="hint">Waiting for a place …</p>}
      {answer.state === 'reading' && (
        <p class="hint">
          Reading {answer.read} of {answer.promptTokens} tokens …
        </p>
      )}
      <ToldWords
        passes={answer.passes}
        open={answer.open}
        chosen={isShown ? chosen : null}
        colours={colours}
        isRunning={running}
      />
      {answer.error !== null && (
        <p class="problem" role="alert">
          {answer.error}
        </p>
      )}
      <footer>
        <p class="figures">{figuresOf(reply)}</p>
        {!running && (
          <div class="actions">
            {answer.passes.length > 1 && (
              <button type="button" aria-pressed={isShown} onClick={() => choose(null)}>
                Passes
              </button>
            )}
            {textOf(answer) !== '' && (
              <button
                type="button"
                onClick={() => void navigator.clipboard?.writeText(textOf(answer))}
              >
                Copy
              </button>
            )}
            {retry !== null && (
              <button type="button" onClick={retry}>
                Retry
              </button>
            )}
          </div>
        )}
      </footer>
    </article>
  );
}

const ENDINGS: Readonly<Record<string, string>> = { length: 'cut at its limit of tokens' };

function figuresOf({ answer, seed }: Reply): string {
  const { passes, state, finish } = answer;
  const tokens = wordsOf(answer).length;
  if (tokens === 0) return '';
  const told = tokensPerPass(passes);
  const speed = meanSpeed(passes);
  const ending = state === 'stopped' ? 'stopped' : ENDINGS[finish ?? ''];
  return [
    `${tokens} ${tokens === 1 ? 'token' : 'tokens'}`,
    told.length > 0 ? `${meanOf(told).toFixed(2)} a pass` : [],
    speed > 0 ? `${speed.toFixed(0)} tokens/s` : [],
    `seed ${seed}`,
    ending ?? [],
  ]
    .flat()
    .join(' · ');
}
