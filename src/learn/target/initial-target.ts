import { uniform } from '../../decode/uniform.ts';

/** Spread of a weight whose family says no other (transformers' `initializer_range`). */
const SPREAD = 0.02;

/**
 * A target before training, as transformers 4.57 begins one: gains 1, biases 0, all else normal.
 *
 * @param shapes of its tensors by their published names
 * @param spreadOf where it is not 0.02
 */
export function* initialTarget(
  shapes: Iterable<readonly [name: string, shape: readonly number[]]>,
  spreadOf: (name: string) => number | undefined,
  seed: number,
): Generator<{ name: string; shape: readonly number[]; data: Float32Array }> {
  let drawn = 0;
  for (const [name, shape] of shapes) {
    const data = new Float32Array(shape.reduce((product, dim) => product * dim, 1));
    if (shape.length === 1 && name.endsWith('.weight')) data.fill(1);
    else if (!name.endsWith('.bias')) {
      const spread = spreadOf(name) ?? SPREAD;
      for (let i = 0; i < data.length; i++) data[i] = spread * normal(seed, drawn++);
    }
    yield { name, shape, data };
  }
}

/** A normal number (Box and Muller) that (seed, index) decides. */
function normal(seed: number, index: number): number {
  const [u, v] = [uniform(seed, 2 * index), uniform(seed, 2 * index + 1)];
  return Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
}
