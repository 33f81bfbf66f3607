import { uniform } from '../../decode/uniform.ts';

/** Draws from one stream, so that a seed says a whole page. */
export interface Draws {
  /** Within [low, high). */
  readonly between: (low: number, high: number) => number;
  /** low to high, both included. */
  readonly whole: (low: number, high: number) => number;
  readonly one: <T>(of: readonly T[]) => T;
  readonly chance: (share: number) => boolean;
}

export function createDraws(seed: number): Draws {
  let drawn = 0;
  const next = () => uniform(seed, drawn++);
  const between = (low: number, high: number) => low + (high - low) * next();
  const whole = (low: number, high: number) => Math.floor(between(low, high + 1));
  return {
    between,
    whole,
    one: <T>(of: readonly T[]) => of[whole(0, of.length - 1)] as T,
    chance: (share) => next() < share,
  };
}
