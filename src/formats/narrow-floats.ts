import type { WeightDtype } from '../contracts/checkpoint.ts';
import { CheckpointError } from '../contracts/errors.ts';

/**
 * Numbers as their stored bytes, rounded to the nearest and to even between two, as PyTorch casts them.
 * @returns undefined where a finite number is beyond what `dtype` can hold
 */
export function narrowFloats(values: Float32Array, dtype: WeightDtype): Uint8Array | undefined {
  if (dtype === 'F32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const narrow = dtype === 'F16' ? halfOf : brainHalfOf;
  const infinity = dtype === 'F16' ? 0x7c00 : 0x7f80;
  const halves = new Uint16Array(words.length);
  let fits = true;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number;
    const half = narrow(word);
    if ((half & 0x7fff) === infinity && (word & 0x7fff_ffff) !== 0x7f80_0000) fits = false;
    halves[i] = half;
  }
  return fits ? new Uint8Array(halves.buffer) : undefined;
}

/** What to say where `narrowFloats` returns undefined. */
export function tooLarge(path: string, tensor: string, dtype: WeightDtype): CheckpointError {
  return new CheckpointError(path, `tensor ${tensor} holds numbers too large for ${dtype}.`, {
    remedy: { kind: 'use-option', option: 'dtype', values: ['bf16', 'f32'] },
  });
}

/** The upper half of a float32's bits, rounded. */
function brainHalfOf(word: number): number {
  if ((word & 0x7fff_ffff) > 0x7f80_0000) return (word >>> 16) | 0x40; // NaN stays NaN
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
}

/** IEEE binary16 of a float32's bits. */
function halfOf(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fff_ffff;
  if (magnitude > 0x7f80_0000) return sign | 0x7e00;
  if (magnitude >= 0x4780_0000) return sign | 0x7c00; // 65,536 and more
  const exponent = magnitude >>> 23;
  if (exponent >= 113) {
    // 2^-14 and more: the exponent is moved by 112, and a carry out of the fraction may raise it.
    return sign | ((magnitude - (112 << 23) + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  }
  if (exponent < 102) return sign; // below half of 2^-24
  const fraction = (magnitude & 0x7f_ffff) | 0x80_0000;
  const shift = 126 - exponent; // 14 to 24
  const floor = fraction >>> shift;
  const rest = fraction & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  return sign | (rest > middle || (rest === middle && (floor & 1) === 1) ? floor + 1 : floor);
}
