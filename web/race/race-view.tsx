import { useState } from 'preact/hooks';
import { Composer, type ComposerLimits } from '../chat/composer.tsx';
import { Legend } from '../chat/legend.tsx';
import { QuestionView } from '../chat/question-view.tsx';
import { Lane } from './lane.tsx';
import { lengthOf } from './replay.ts';
import { outcomeOf, type Race, type RaceStep } from './run-race.ts';
import type { Racing } from './use-race.ts';
import { useReplay } from './use-replay.ts';

export interface RaceViewProps {
  readonly racing: Racing;
  readonly limits: ComposerLimits;
  readonly colours: boolean;
  readonly setColours: (colours: boolean) => void;
}

const STEPS: Readonly<Record<RaceStep, string>> = {
  'warming up': 'Reading the prompt, so that both find it warm …',
  speculative: 'Measuring speculative decoding …',
  plain: 'Measuring plain decoding …',
};

/** Plain against speculative: measured one after the other, shown side by side. */
export function RaceView({ racing, limits, colours, setColours }: RaceViewProps) {
  const { question, race, step, error, start, stop } = racing;
  return (
    <section class="race" aria-label="Race">
      <div class="race-body">
        {question !== null && <QuestionView question={question} />}
        {question === null && (
          <div class="hero">
            <h2>Plain against speculative.</h2>
            <p>
              The same question, answered with guesses, and again token by token. Both are measured
              one after the other, on a prompt that was read before, since on one machine each would
              slow the other; then you see both in their own time, side by side. The words must be
              the same.
            </p>
          </div>
        )}
        <p class="step" role="status">
          {step !== null && STEPS[step]}
        </p>
        {error !== null && (
          <p class="problem" role="alert">
            {error}
          </p>
        )}
        {race !== null && <Result race={race} colours={colours} setColours={setColours} />}
      </div>
      <Composer
        label="A question for the race"
        action="Race"
        isRunning={step !== null}
        limits={limits}
        send={start}
        stop={stop}
      />
    </section>
  );
}

interface ResultProps extends Pick<RaceViewProps, 'colours' | 'setColours'> {
  readonly race: Race;
}

function Result({ race, colours, setColours }: ResultProps) {
  const [slower, setSlower] = useState(1);
  const length = lengthOf(race);
  const { ms, isPlaying, play, pause, seek } = useReplay(length, slower);
  const { speedUp, isSameText, tokens } = outcomeOf(race);
  return (
    <>
      <div class="verdict" role="status">
        <p class="times">
          {speedUp.toFixed(2)}
          <small>×</small>
        </p>
        <p>
          {speedUp >= 1 ? 'sooner with guesses' : 'with guesses: slower this time'}
          <br />
          <strong class={isSameText ? 'same' : 'differ'}>
            {isSameText ? `The same text, all ${tokens} tokens` : 'The texts differ'}
          </strong>
        </p>
      </div>
      <div class="lanes">
        <Lane id="plain" title="Plain" answer={race.plain} ms={ms} colours={colours} />
        <Lane
          id="speculative"
          title="Speculative"
          answer={race.speculative}
          ms={ms}
          colours={colours}
        />
      </div>
      <div class="replay">
        <button type="button" onClick={isPlaying ? pause : play}>
          {isPlaying ? 'Pause' : ms >= length ? 'Replay' : 'Play'}
        </button>
        <input
          type="range"
          aria-label="Time of the race"
          aria-valuetext={`${(ms / 1000).toFixed(2)} of ${(length / 1000).toFixed(2)} seconds`}
          min={0}
          max={length}
          step="any"
          value={ms}
          onInput={({ currentTarget }) => seek(Number(currentTarget.value))}
        />
        <label>
          <span class="unseen">Pace of the replay</span>
          <select
            value={String(slower)}
            onChange={({ currentTarget }) => setSlower(Number(currentTarget.value))}
          >
            <option value="1">real time</option>
            <option value="4">4 × slower</option>
            <option value="16">16 × slower</option>
          </select>
        </label>
      </div>
      <Legend colours={colours} setColours={setColours} />
      <p class="hint">
        Measured one after the other on a warm prompt, from the question to the last token by the
        server’s clock; nothing is guessed by what earlier answers left. Shown side by side.
      </p>
    </>
  );
}
