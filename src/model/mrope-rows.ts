import { floatTensor, type Tensor } from '../contracts/session.ts';

/**
 * Rotary rows where each frequency turns by one of several axes: the first `sections[0]` frequencies by `axes[0]`, the
 * next by `axes[1]`, … (M-RoPE of Qwen2-VL by time, height and width; its tower by height and width). As in
 * `rotaryRows`: cosine and sine [n, 1, headDim], both halves alike, of angles rounded to fp32, times `scale`.
 */
export function mropeRows(
  axes: readonly Int32Array[], // [n] each
  sections: readonly number[], // [axes], headDim / 2 in all
  frequencies: Float32Array, // [headDim / 2]
  scale = 1,
): { cos: Tensor; sin: Tensor } {
  const half = frequencies.length;
  const width = 2 * half;
  const n = axes[0]?.length ?? 0;
  const axisOf = sections.flatMap((size, axis) => Array<number>(size).fill(axis));
  const cos = new Float32Array(n * width);
  const sin = new Float32Array(n * width);
  for (let i = 0; i < half; i++) {
    const positions = axes[axisOf[i] as number] as Int32Array;
    const frequency = frequencies[i] as number;
    for (let row = 0; row < n; row++) {
      const angle = Math.fround((positions[row] as number) * frequency);
      const at = row * width + i;
      cos[at] = cos[at + half] = Math.cos(angle) * scale;
      sin[at] = sin[at + half] = Math.sin(angle) * scale;
    }
  }
  return { cos: floatTensor(cos, [n, 1, width]), sin: floatTensor(sin, [n, 1, width]) };
}
