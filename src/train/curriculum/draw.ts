import { uniform } from '../../decode/uniform.ts';
import { shuffled } from '../data/shuffle.ts';

/** Which dialogue a place of a batch is filled with. */
export interface Draw {
  readonly kind: 'text' | 'visual';
  /** Index among the dialogues of its kind. */
  readonly index: number;
}

export interface Draws {
  readonly seed: number;
  readonly batch: number;
  /** Dialogues of each kind. */
  readonly text: number;
  readonly visual: number;
  readonly shareAt: (step: number) => number;
}

/**
 * The dialogues of a step: a pure function of (seed, step), so that a resumed run and any number of workers draw the
 * same. A coin with the step's share decides each place's kind; each kind is gone through in shuffled passes, at the
 * pace of all places, as the published code indexes both of its lists by the same number.
 */
export function createDraws({
  seed,
  batch,
  text,
  visual,
  shareAt,
}: Draws): (step: number) => Draw[] {
  const passes = { text: createPasses(text, 2 * seed), visual: createPasses(visual, 2 * seed + 1) };
  return (step) => {
    const share = shareAt(step);
    return Array.from({ length: batch }, (_, place) => {
      const count = step * batch + place;
      const kind = uniform(seed, count) < share ? 'visual' : 'text';
      return { kind, index: passes[kind](count) };
    });
  };
}

/** The index-th entry of endless passes over 0 … n - 1, each in an order of its own. */
function createPasses(n: number, seed: number): (index: number) => number {
  const orders = new Map<number, Int32Array>();
  return (index) => {
    const pass = Math.floor(index / n);
    const order = orders.get(pass) ?? shuffled(n, mixSeeds(seed, pass));
    if (!orders.has(pass)) orders.clear(); // passes come one after the other
    orders.set(pass, order);
    return order[index % n] as number;
  };
}

/** A seed of its own for every pair. */
const mixSeeds = (seed: number, pass: number): number => Math.floor(uniform(seed, pass) * 2 ** 52);
