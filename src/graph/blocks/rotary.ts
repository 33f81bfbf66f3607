import { fixedDim, type Value } from '../graph.ts';
import { add, mul, scale } from '../operators/elementwise.ts';
import { concat, split } from '../operators/layout.ts';

/** Cosines and sines of the rows' positions, computed by the caller: [n, 1, headDim / 2] each. */
export interface RotaryRows {
  readonly cos: Value;
  readonly sin: Value;
}

/** Rotary position embedding by halves: x [n, heads, headDim] is turned in the planes (i, i + headDim / 2). */
export function rotary(x: Value, { cos, sin }: RotaryRows): Value {
  const half = fixedDim(x, 2) / 2;
  const [a, b] = split(x, [half, half], 2) as [Value, Value];
  const turnedA = add(mul(a, cos), scale(mul(b, sin), -1));
  return concat([turnedA, add(mul(b, cos), mul(a, sin))], 2);
}
