import type { Answer } from '../answer/answer.ts';
import { ToldWords } from '../chat/told-words.tsx';
import { laneAt } from './replay.ts';

export interface LaneProps {
  readonly id: string;
  readonly title: string;
  readonly answer: Answer;
  readonly ms: number;
  readonly colours: boolean;
}

/** One of the two answers of a race, at a moment of it. */
export function Lane({ id, title, answer, ms, colours }: LaneProps) {
  const moment = laneAt(answer, ms);
  const all = answer.passes.flatMap(({ words }) => words).length;
  return (
    <section class={`lane ${id}${moment.isOver ? ' over' : ''}`} aria-labelledby={`lane-${id}`}>
      <header>
        <h2 id={`lane-${id}`}>{title}</h2>
        <p class="clock">
          {(moment.ms / 1000).toFixed(moment.ms < 10_000 ? 2 : 1)}
          <small> s</small>
        </p>
      </header>
      <progress max={all || 1} value={moment.tokens} aria-label={`Tokens of ${title}`} />
      <p class="figures">
        {moment.tokens} tokens · {Math.max(0, moment.passes.length - 1)} passes
        {moment.isOver && answer.at > 0 && ` · ${((1000 * all) / answer.at).toFixed(0)} tokens/s`}
      </p>
      <ToldWords
        passes={moment.passes}
        open={[]}
        chosen={null}
        colours={colours}
        isRunning={!moment.isOver}
      />
    </section>
  );
}
