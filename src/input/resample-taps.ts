/**
 * The taps of one resampling pass, as Pillow makes them: a filter stretched over the input when shrinking (that is the
 * antialiasing), cut at the borders, normalised in double precision, then rounded to fixed point.
 */

export type ResampleFilter = 'bicubic' | 'lanczos';

/** Bits behind the point: 32 less 8 for the value and 2 for the overshoot of negative lobes. */
export const PRECISION_BITS = 22;

/** For each output sample, which input samples it reads and with what weight. */
export interface Taps {
  readonly starts: Int32Array; // [outputs]
  readonly counts: Int32Array; // [outputs]
  readonly weights: Int32Array; // [outputs, stride], scaled by 2^PRECISION_BITS
  readonly stride: number;
}

/** Cubic convolution with a = −0.5 (Keys 1981). */
function bicubic(offset: number): number {
  const x = Math.abs(offset);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * -0.5;
  return 0;
}

function sinc(x: number): number {
  if (x === 0) return 1;
  const angle = x * Math.PI;
  return Math.sin(angle) / angle;
}

function lanczos(x: number): number {
  return -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0;
}

const FILTERS = {
  bicubic: { weight: bicubic, support: 2 },
  lanczos: { weight: lanczos, support: 3 },
} as const;

/** Rounds half away from zero, as C's cast after adding half does. */
function toFixedPoint(weight: number): number {
  const scaled = weight * 2 ** PRECISION_BITS;
  return Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

/** Taps of outputs first … first + count − 1 when `inputSize` samples become `outputSize`. */
export function resampleTaps(
  inputSize: number,
  outputSize: number,
  filter: ResampleFilter,
  first: number,
  count: number,
): Taps {
  const { weight, support: unitSupport } = FILTERS[filter];
  const scale = inputSize / outputSize;
  const stretch = Math.max(scale, 1);
  const support = unitSupport * stretch;
  const stride = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(count);
  const counts = new Int32Array(count);
  const weights = new Int32Array(count * stride);
  const window = new Float64Array(stride);
  const inverse = 1 / stretch;
  for (let i = 0; i < count; i++) {
    const center = (first + i + 0.5) * scale;
    const start = Math.max(Math.trunc(center - support + 0.5), 0);
    const taps = Math.min(Math.trunc(center + support + 0.5), inputSize) - start;
    let sum = 0;
    for (let t = 0; t < taps; t++) {
      const w = weight((t + start - center + 0.5) * inverse);
      window[t] = w;
      sum += w;
    }
    for (let t = 0; t < taps; t++) {
      const w = window[t] as number;
      weights[i * stride + t] = toFixedPoint(sum === 0 ? w : w / sum);
    }
    starts[i] = start;
    counts[i] = taps;
  }
  return { starts, counts, weights, stride };
}
