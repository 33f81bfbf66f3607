import { floatTensor, type Tensor } from '../contracts/session.ts';

/** 1 / theta^(2i / headDim), in fp32 as the published models compute it. */
export function inverseFrequencies(headDim: number, theta: number): Float32Array {
  return Float32Array.from(
    { length: headDim / 2 },
    (_, i) => 1 / Math.fround(theta ** Math.fround((2 * i) / headDim)),
  );
}

/** Cosine and sine of position · frequency for every row, for both halves of a head: [n, 1, headDim] each. */
export function rotaryRows(
  positions: Int32Array,
  frequencies: Float32Array,
): { cos: Tensor; sin: Tensor } {
  const half = frequencies.length;
  const n = positions.length;
  const cos = new Float32Array(n * 2 * half);
  const sin = new Float32Array(n * 2 * half);
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < half; i++) {
      const angle = Math.fround((positions[row] as number) * (frequencies[i] as number));
      const at = row * 2 * half + i;
      cos[at] = cos[at + half] = Math.cos(angle);
      sin[at] = sin[at + half] = Math.sin(angle);
    }
  }
  return { cos: floatTensor(cos, [n, 1, 2 * half]), sin: floatTensor(sin, [n, 1, 2 * half]) };
}
