import { expect } from 'vitest';
import { floatsOf, type Tensor } from '../../contracts/session.ts';

/** Every number of an output within `tolerance` of what was expected, relative for numbers above 1. */
export function expectClose(
  outputs: Readonly<Record<string, Tensor>>,
  name: string,
  expected: ArrayLike<number>,
  tolerance = 1e-5,
): void {
  const actual = floatsOf(outputs, name);
  expect(actual.length, `length of ${name}`).toBe(expected.length);
  const wrong = actual.findIndex((x, i) => {
    const y = expected[i] as number;
    return !Object.is(x, y) && !(Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(y)));
  });
  expect(
    wrong,
    `${name}[${wrong}] is ${actual[wrong]}, expected ${expected[wrong]} within ${tolerance}`,
  ).toBe(-1);
}
