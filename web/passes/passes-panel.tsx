import { type Answer, msOf } from '../answer/answer.ts';
import { describePass } from './describe-pass.ts';
import { EXAMPLE_PASS } from './example-pass.ts';
import { TreeDrawing } from './tree-drawing.tsx';

export interface PassesPanelProps {
  readonly answer: Answer | null;
  /** The pass that is shown; the latest where it is null. */
  readonly chosen: number | null;
  readonly choose: (pass: number | null) => void;
}

/** The tree of a pass, and a slider through all of them. */
export function PassesPanel({ answer, chosen, choose }: PassesPanelProps) {
  const passes = answer?.passes ?? [];
  const latest = passes.length - 1;
  const place = Math.min(chosen ?? latest, latest);
  const pass = passes[place];
  if (pass === undefined) {
    return (
      <section class="passes" aria-labelledby="passes-title">
        <h2 id="passes-title">The tree of a pass</h2>
        <p class="hint">
          In each pass of the model, a tree of guesses is checked at once. Those that it would have
          written itself are kept, and one word of its own behind them. An example:
        </p>
        <div class="tree-frame example">
          <TreeDrawing pass={EXAMPLE_PASS} />
        </div>
      </section>
    );
  }
  return (
    <section class="passes" aria-labelledby="passes-title">
      <header>
        <h2 id="passes-title">The tree of a pass</h2>
        <p class="figures">
          {pass.tree === null ? 'prompt' : `${pass.tree.nodes.length - 1} guessed`} ·{' '}
          {pass.words.length} {pass.words.length === 1 ? 'token' : 'tokens'} ·{' '}
          {msOf(pass).toFixed(1)} ms
        </p>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="tree-frame" aria-label="Tree" tabIndex={0}>
        {pass.tree === null ? (
          <p class="hint">{describePass(pass)}</p>
        ) : (
          <TreeDrawing pass={pass} />
        )}
      </section>
      <div class="scrubber">
        <label for="pass">
          Pass <output for="pass">{place}</output> of {latest}
        </label>
        <input
          id="pass"
          type="range"
          min={0}
          max={latest}
          value={place}
          aria-valuetext={`Pass ${place} of ${latest}. ${describePass(pass)}`}
          onInput={({ currentTarget }) => {
            const wanted = Number(currentTarget.value);
            choose(wanted === latest ? null : wanted);
          }}
        />
      </div>
    </section>
  );
}
