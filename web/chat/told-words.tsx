import { memo } from 'preact/compat';
import type { Pass, Word } from '../answer/answer.ts';

export interface ToldWordsProps {
  readonly passes: readonly Pass[];
  readonly open: readonly Word[];
  /** The pass that stands out. */
  readonly chosen: number | null;
  readonly colours: boolean;
  readonly isRunning: boolean;
}

/** The words of an answer, those of a pass together, each as by who guessed it. */
export function ToldWords({ passes, open, chosen, colours, isRunning }: ToldWordsProps) {
  return (
    <div class={`words${colours ? ' coloured' : ''}`}>
      {passes.map(({ words, at }, place) => (
        <PassWords key={at} words={words} place={place} isChosen={place === chosen} />
      ))}
      {open.length > 0 && <PassWords words={open} place={passes.length} isChosen={false} />}
      {isRunning && <span class="caret" aria-hidden="true" />}
    </div>
  );
}

interface PassWordsProps {
  readonly words: readonly Word[];
  readonly place: number;
  readonly isChosen: boolean;
}

/** Drawn once, as a pass that was told does not change: an answer may have thousands of words. */
const PassWords = memo(function PassWords({ words, place, isChosen }: PassWordsProps) {
  return (
    <span class={isChosen ? 'of-pass chosen' : 'of-pass'} data-pass={place}>
      {words.map(({ text, by }, at) => (
        <Told key={`${at}${by}`} text={text} by={by} />
      ))}
    </span>
  );
});

/** White space in front is no part of what is marked. */
function Told({ text, by }: Word) {
  const word = text.trimStart();
  return (
    <>
      {text.slice(0, text.length - word.length)}
      {word !== '' && <span class={`word ${by}`}>{word}</span>}
    </>
  );
}
