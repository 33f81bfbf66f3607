import type { AxisPositions } from '../contracts/messages.ts';
import { floatTensor, type Tensor } from '../contracts/session.ts';

/** How a model turns its queries and keys. */
export interface Rope {
  readonly frequencies: Float32Array; // [headDim / 2]
  /** Multiplies cosines and sines. */
  readonly scale: number;
}

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

/**
 * Tables of `rotaryByTable` for a pass behind a cache: cosine and sine of each row's angles, by three axes where the
 * model turns by them (M-RoPE), times headDim^-1/4 [n, headDim / 2]. Queries and keys both turn by them, so that their
 * products are scaled by headDim^-1/2.
 */
export function turnedRows(
  { time, height, width }: AxisPositions,
  {
    headDim,
    mropeSection,
  }: { readonly headDim: number; readonly mropeSection?: readonly number[] },
  { frequencies, scale }: Rope,
): { cos: Tensor; sin: Tensor } {
  const half = headDim / 2;
  const factor = scale * headDim ** -0.25;
  const axes = [time, height, width];
  const axisOf = (mropeSection ?? [half]).flatMap((size, axis) =>
    Array<Int32Array>(size).fill(axes[axis] as Int32Array),
  );
  const cos = new Float32Array(time.length * half);
  const sin = new Float32Array(time.length * half);
  for (let row = 0, at = 0; row < time.length; row++) {
    for (let i = 0; i < half; i++, at++) {
      const position = (axisOf[i] as Int32Array)[row] as number;
      const angle = Math.fround(position * (frequencies[i] as number));
      cos[at] = Math.cos(angle) * factor;
      sin[at] = Math.sin(angle) * factor;
    }
  }
  return { cos: floatTensor(cos, [time.length, half]), sin: floatTensor(sin, [time.length, half]) };
}
