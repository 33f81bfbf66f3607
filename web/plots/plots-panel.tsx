import { useMemo } from 'preact/hooks';
import type { Answer } from '../answer/answer.ts';
import {
  acceptanceByDepth,
  checkedPasses,
  meanOf,
  meanSpeed,
  speeds,
  timeSplit,
  tokensPerPass,
} from '../answer/figures.ts';
import { Plot } from './plot.tsx';
import { ACCEPTANCE, SPEED, TIMES, TOKENS } from './plot-options.ts';

const percent = (share: number): string => `${Math.round(100 * share)}`;

/** What speculation gave in an answer, as it comes. */
export function PlotsPanel({ answer, theme }: { answer: Answer | null; theme: string }) {
  const passes = answer?.passes ?? NONE;
  const drawn = useMemo(() => {
    const kept = acceptanceByDepth(passes);
    const tokens = tokensPerPass(passes);
    const speed = speeds(passes);
    const checked = checkedPasses(passes);
    const places = tokens.map((_, at) => at + 1);
    return {
      ...{ kept, tokens, split: timeSplit(passes), mean: meanSpeed(passes) },
      acceptance: [kept.map((_, level) => level + 1), kept.map((share) => 100 * share)] as Data,
      perPass: [places, tokens] as Data,
      speed: [
        speed.map(({ at }) => at / 1000),
        speed.map(({ tokensPerSecond }) => tokensPerSecond),
      ] as Data,
      times: [
        places,
        checked.map(({ targetMs, draftMs, hostMs }) => targetMs + draftMs + hostMs),
        checked.map(({ targetMs, draftMs }) => targetMs + draftMs),
        checked.map(({ targetMs }) => targetMs),
      ] as Data,
    };
  }, [passes]);
  const { kept, tokens, split, mean } = drawn;
  const all = split.targetMs + split.draftMs + split.hostMs || 1;
  const [target, draft, host] = [split.targetMs, split.draftMs, split.hostMs].map((ms) =>
    percent(ms / all),
  );
  if (tokens.length === 0) return null;
  const perPass = meanOf(tokens).toFixed(2);
  return (
    <section class="plots" aria-label="Figures of the answer">
      <Plot
        title="Tokens a pass"
        figure={perPass}
        unit=""
        summary={`On average ${perPass} tokens came of a pass, of ${tokens.length} passes.`}
        data={drawn.perPass}
        options={TOKENS}
        theme={theme}
      />
      <Plot
        title="Speed"
        figure={mean === 0 ? '–' : mean.toFixed(mean < 10 ? 1 : 0)}
        unit="tokens/s"
        summary={`${mean.toFixed(1)} tokens a second after the first.`}
        data={drawn.speed}
        options={SPEED}
        theme={theme}
      />
      <Plot
        title="Kept, by depth of the guess"
        figure={kept[0] === undefined ? '–' : percent(kept[0])}
        unit="% at 1"
        summary={kept.map((share, at) => `Depth ${at + 1}: ${percent(share)} %.`).join(' ')}
        data={drawn.acceptance}
        options={ACCEPTANCE}
        theme={theme}
      />
      <Plot
        title="Time of a pass"
        figure={(all / tokens.length).toFixed(1)}
        unit="ms"
        summary={`Model ${target} %, draft ${draft} %, host ${host} %.`}
        data={drawn.times}
        options={TIMES}
        theme={theme}
      >
        <ul class="split" aria-hidden="true">
          <li class="target">model {target} %</li>
          <li class="draft">draft {draft} %</li>
          <li class="host">host {host} %</li>
        </ul>
      </Plot>
    </section>
  );
}

type Data = [number[], ...number[][]];
const NONE: Answer['passes'] = [];
