import type { AxisPositions } from '../contracts/messages.ts';
import { floatTensor, type Tensor } from '../contracts/session.ts';
import { mropeRows } from './mrope-rows.ts';
import type { Rope } from './rope-frequencies.ts';

/** 1 / theta^(2i / headDim) for i < headDim / 2, in fp32 as the published models compute it: [headDim / 2] */
export function inverseFrequencies(headDim: number, theta: number): Float32Array {
  return Float32Array.from(
    { length: headDim / 2 },
    (_, i) => 1 / Math.fround(theta ** Math.fround((2 * i) / headDim)),
  );
}

/**
 * Cosine and sine of position · frequency for every row, the same for both halves of a head: [n, 1, headDim] each.
 * The angle is rounded to fp32 as the published models compute it. Neighbours of one position, such as a tree's
 * siblings, share the work.
 *
 * @param frequencies those of `inverseFrequencies` or `ropeOf` [headDim / 2]
 * @param scale multiplies cosines and sines
 */
export function rotaryRows(
  positions: Int32Array, // [n]
  frequencies: Float32Array,
  scale = 1,
): { cos: Tensor; sin: Tensor } {
  const half = frequencies.length;
  const width = 2 * half;
  const n = positions.length;
  const cos = new Float32Array(n * width);
  const sin = new Float32Array(n * width);
  for (let row = 0; row < n; row++) {
    const position = positions[row] as number;
    const at = row * width;
    if (row > 0 && position === positions[row - 1]) {
      cos.copyWithin(at, at - width, at);
      sin.copyWithin(at, at - width, at);
      continue;
    }
    for (let i = 0; i < half; i++) {
      const angle = Math.fround(position * (frequencies[i] as number));
      cos[at + i] = cos[at + i + half] = Math.cos(angle) * scale;
      sin[at + i] = sin[at + i + half] = Math.sin(angle) * scale;
    }
  }
  return { cos: floatTensor(cos, [n, 1, width]), sin: floatTensor(sin, [n, 1, width]) };
}

/** Cosine and sine of each row's position, by three axes where the model turns by them (M-RoPE): [n, 1, headDim] each */
export function turnedRows(
  { time, height, width }: AxisPositions,
  { mropeSection }: { readonly mropeSection?: readonly number[] },
  { frequencies, scale }: Rope,
): { cos: Tensor; sin: Tensor } {
  return mropeSection === undefined
    ? rotaryRows(time, frequencies, scale)
    : mropeRows([time, height, width], mropeSection, frequencies, scale);
}
