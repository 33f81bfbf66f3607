import { afterAll, describe, expect, it } from 'vitest';
import { floatsOf, type Tensor } from '../../contracts/session.ts';
import { createSession } from '../../runtime/session.ts';
import { differentiate, pullBack } from '../autodiff/differentiate.ts';
import { type Graph, output, type Value } from '../graph.ts';
import { directionError, distance, worstCase } from './gradient-errors.ts';
import { randomNetwork, stream } from './random-network.ts';
import type { Doubles } from './reference/doubles.ts';
import { evaluate } from './reference/evaluate.ts';
import { tensorOf } from './reference/tensor-of.ts';

/** A network's loss, and what its inputs are fed. Its weights get random numbers. */
export interface Lossy {
  /** Inputs whose gradients are wanted too. Default none. */
  readonly reads?: readonly Value[];
  readonly graph: Graph;
  readonly loss: Value;
  /** The loss's gradients where they are written down, as `pullBack` is given them. Default: they are the loss's own. */
  readonly slopes?: ReadonlyMap<Value, Value>;
  /** Weights that are looked at. Default all. */
  readonly only?: (name: string) => boolean;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

/**
 * Tests for the gradients of a network's loss by each of its weights and of what it reads: against slopes in double precision, and as ONNX
 * Runtime computes them in single precision. Worst cases are printed.
 */
export function describeGradients(
  title: string,
  { graph, loss, feeds, slopes, only = () => true, reads = [] }: Lossy,
  seed: number,
): void {
  const random = stream(seed);
  const { weights: all, given } = randomNetwork(graph, feeds, random);
  const weights = new Map([...all].filter(([name]) => only(name)));
  const names = [...weights.keys(), ...reads.map(({ name }) => name)];
  const wrt = [...weights.values(), ...reads];
  const gradients = slopes ? pullBack(slopes, wrt) : differentiate(loss, wrt);
  const exact = evaluate(gradients, given);

  describe(`${title}: along random directions of each weight its gradient is the slope`, () => {
    const worst = worstCase();
    afterAll(() => console.info(`largest |g·u - fd| / ‖g‖‖u‖ of ${title}: ${worst}`));

    it.each([...names.entries()])('%i %s', (i, name) => {
      for (let direction = 0; direction < 2; direction++) {
        const error = directionError(loss, wrt[i] as Value, exact[i] as Doubles, given, random);
        worst.note(error, name);
        // 1e-3 is promised; in double precision only the step's own error is left.
        expect(error).toBeLessThanOrEqual(1e-6);
      }
    });
  });

  it(`${title}: ONNX Runtime computes the same gradients in single precision`, async () => {
    for (const [i, gradient] of gradients.entries()) output(`gradient ${names[i]}`, gradient);
    const session = await createSession(graph, { device: 'cpu', threads: 1 });
    const inputs = [...given].map(([x, numbers]) => [x.name, tensorOf(x, numbers)]);
    const outputs = names.map((name) => `gradient ${name}`);
    const results = await session.run(Object.fromEntries(inputs), outputs);
    await session.dispose();
    const worst = worstCase();
    for (const [i, name] of names.entries()) {
      const single = floatsOf(results, `gradient ${name}`);
      worst.note(distance(single, (exact[i] as Doubles).data), name);
    }
    console.info(`largest ‖g32 - g64‖ / ‖g64‖ of ${title}: ${worst}`);
    expect(worst.error()).toBeLessThanOrEqual(1e-4);
  });
}
