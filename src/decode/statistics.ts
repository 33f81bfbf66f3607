import type { RoundStats } from '../contracts/generate.ts';

/** What the rounds of an answer come to. */
export interface Statistics {
  /** Target passes after prefill. */
  readonly passes: number;
  /** (ids - 1) / passes, since prefill gave the first; 0 without a pass. */
  readonly tokensPerPass: number;
  readonly acceptedPerPass: readonly number[];
  /** Of the drafting rounds whose walk reached depth d, the share that went on to depth d + 1. */
  readonly acceptance: readonly number[];
  readonly targetMs: number;
  readonly draftMs: number;
  readonly hostMs: number;
}

/** @param ids tokens written, the first one included */
export function summarise(rounds: readonly RoundStats[], ids: number): Statistics {
  const passes = rounds.length;
  const sum = (part: (round: RoundStats) => number) =>
    rounds.reduce((total, round) => total + part(round), 0);
  return {
    passes,
    tokensPerPass: passes === 0 ? 0 : (ids - 1) / passes,
    acceptedPerPass: rounds.map(({ accepted }) => accepted),
    acceptance: acceptanceByDepth(rounds.filter(({ nodes }) => nodes > 1)),
    targetMs: sum(({ targetMs }) => targetMs),
    draftMs: sum(({ draftMs }) => draftMs),
    hostMs: sum(({ hostMs }) => hostMs),
  };
}

function acceptanceByDepth(rounds: readonly RoundStats[]): number[] {
  const rates: number[] = [];
  for (let depth = 0, reached = rounds.length; reached > 0; depth += 1) {
    const onward = rounds.filter(({ accepted }) => accepted > depth).length;
    rates.push(onward / reached);
    reached = onward;
  }
  return rates;
}
