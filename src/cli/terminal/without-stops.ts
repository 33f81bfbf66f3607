import type { GenerateResult, RoundStats } from '../../contracts/generate.ts';
import type { Stop } from './suspension.ts';

/**
 * The result with its times as they were without stops of the process, which all clocks count. A stop falls into the read
 * of the prompt or into the pass that took longest.
 * @param stops counted from the request
 */
export const withoutStops = (result: GenerateResult, stops: readonly Stop[]): GenerateResult =>
  stops.reduce(withoutStop, result);

function withoutStop(result: GenerateResult, { at, ms }: Stop): GenerateResult {
  const { timings, rounds } = result;
  const total = timings.total - ms;
  if (timings.firstToken === null || timings.firstToken > at) {
    const part = timings.vision > timings.prefill ? 'vision' : 'prefill';
    const firstToken = timings.firstToken === null ? null : timings.firstToken - ms;
    return {
      ...result,
      timings: { ...timings, total, firstToken, [part]: Math.max(0, timings[part] - ms) },
    };
  }
  const longest = rounds.reduce(
    (most, round, index) => (sumOf(round) > sumOf(rounds[most]) ? index : most),
    0,
  );
  const round = rounds[longest];
  if (round === undefined) return { ...result, timings: { ...timings, total } };
  const part = PARTS.reduce((most, one) => (round[`${one}Ms`] > round[`${most}Ms`] ? one : most));
  const less = Math.min(ms, round[`${part}Ms`]);
  return {
    ...result,
    timings: { ...timings, total, [part]: timings[part] - less },
    rounds: rounds.with(longest, { ...round, [`${part}Ms`]: round[`${part}Ms`] - less }),
  };
}

const PARTS = ['target', 'draft', 'host'] as const;

const sumOf = (round: RoundStats | undefined): number =>
  round === undefined ? 0 : round.targetMs + round.draftMs + round.hostMs;
