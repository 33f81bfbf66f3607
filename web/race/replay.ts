import type { Answer, Pass } from '../answer/answer.ts';
import type { Race } from './run-race.ts';

export interface LaneMoment {
  /** Passes that were over by then. */
  readonly passes: readonly Pass[];
  readonly tokens: number;
  readonly isOver: boolean;
  /** Milliseconds on its own clock, which stops with its last token. */
  readonly ms: number;
}

/**
 * An answer as it was so many milliseconds after its question. It ends by the server's clock; passes stand at the time when they
 * came, which of the last may be later.
 */
export function laneAt(answer: Answer, ms: number): LaneMoment {
  const isOver = ms >= answer.at;
  const passes = answer.passes.filter(({ at }) => isOver || at <= ms);
  return {
    passes,
    tokens: passes.reduce((sum, { words }) => sum + words.length, 0),
    isOver,
    ms: Math.min(ms, answer.at),
  };
}

/** Milliseconds until both are over. */
export const lengthOf = ({ plain, speculative }: Race): number =>
  Math.max(plain.at, speculative.at);
