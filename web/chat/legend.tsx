import { GUESSERS } from '../answer/guesser.ts';

export interface LegendProps {
  readonly colours: boolean;
  readonly setColours: (colours: boolean) => void;
}

/** What the marks of words mean, and a switch for them. */
export function Legend({ colours, setColours }: LegendProps) {
  return (
    <div class="legend">
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          checked={colours}
          aria-checked={colours}
          onChange={({ currentTarget }) => setColours(currentTarget.checked)}
        />
        Guessed by
      </label>
      <ul class="coloured" aria-label="Who guessed a word">
        {GUESSERS.map(({ guesser, label }) => (
          <li key={guesser}>
            <span class={`word ${guesser}`}>{label}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
