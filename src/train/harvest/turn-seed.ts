import { uniform } from '../../decode/uniform.ts';

/**
 * The seed of one answer, from the run's seed, the dialogue's place among all and the turn within it: so neither the
 * size of the batch nor an interruption changes what is drawn.
 *
 * @returns an integer in [0, 2^53), which `msd run --seed` takes
 */
export function turnSeed(seed: number, dialogue: number, turn: number): number {
  return whole(uniform(whole(uniform(seed, dialogue)), turn));
}

/** All of a draw's 53 bits. */
const whole = (draw: number): number => draw * 2 ** 53;
