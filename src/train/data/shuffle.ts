import { uniform } from '../../decode/uniform.ts';

/** The numbers 0 … n − 1 in a random order that `n` and `seed` alone decide (Fisher and Yates). */
export function shuffled(n: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let last = n - 1; last > 0; last--) {
    const chosen = Math.floor(uniform(seed, last) * (last + 1));
    const moved = order[last] as number;
    order[last] = order[chosen] as number;
    order[chosen] = moved;
  }
  return order;
}
