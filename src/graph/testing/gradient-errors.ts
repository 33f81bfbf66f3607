/**
 * How far a gradient is from the truth. The truth is what the loss does in double precision when a value takes a small
 * step: (loss(x + h u) - loss(x - h u)) / 2h along a random direction u.
 */
import type { Value } from '../graph.ts';
import { type Doubles, doubles } from './reference/doubles.ts';
import { evaluate, type Numbers } from './reference/evaluate.ts';

const STEP = 1e-5;
/** Norms below count as this, so that a gradient of 0 is not compared with rounding. */
const SMALLEST_NORM = 1e-2;

/** |g·u - fd| / (‖g‖ ‖u‖) for a random direction u of x, with the gradient g of the loss by x. */
export function directionError(
  loss: Value,
  x: Value,
  gradient: Doubles,
  given: Numbers,
  random: () => number,
): number {
  const start = given.get(x) as Doubles;
  const u = start.data.map(() => 2 * random() - 1);
  const lossAt = (step: number): number => {
    const moved = doubles(
      start.data.map((number, i) => number + step * (u[i] as number)),
      start.shape,
    );
    return evaluate([loss], new Map(given).set(x, moved))[0]?.data[0] as number;
  };
  const slope = (lossAt(STEP) - lossAt(-STEP)) / (2 * STEP);
  const along = gradient.data.reduce((sum, number, i) => sum + number * (u[i] as number), 0);
  return Math.abs(along - slope) / (norm(gradient.data) * norm(u));
}

/** ‖a - b‖ / ‖b‖ */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Math.hypot(...Array.from(a, (x, i) => x - (b[i] as number))) / norm(b);
}

const norm = (x: ArrayLike<number>): number =>
  Math.max(Math.hypot(...Array.from(x)), SMALLEST_NORM);

/** Remembers the largest of many errors, and where it was. */
export function worstCase() {
  let worst = { error: 0, where: 'nowhere' };
  return {
    /** The error itself, noted. NaN is worse than any number. */
    note(error: number, where: string): number {
      if (!(error <= worst.error)) worst = { error, where };
      return error;
    },
    error: () => worst.error,
    toString: () => `${worst.error.toExponential(1)} (${worst.where})`,
  };
}
