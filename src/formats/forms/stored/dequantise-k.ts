/**
 * GGML's k-quants: blocks of 256 numbers in groups of 32 (Q4_K, Q5_K) or 16 (Q6_K) whose scales are themselves small
 * integers under the block's halves d and dmin. As in dequantise-simple.ts, double arithmetic rounds where float32 does.
 */
import { halfAt } from './widen.ts';

const VALUES = 256;

/** Scale (6 bits) and minimum (6 bits) of group `j` of 8, packed in the 12 bytes at `at`. */
function scaleOf(blocks: Uint8Array, at: number, j: number): number {
  const byte = (i: number) => blocks[at + i] as number;
  return j < 4 ? byte(j) & 63 : (byte(j + 4) & 15) | ((byte(j - 4) >> 6) << 4);
}

function minimumOf(blocks: Uint8Array, at: number, j: number): number {
  const byte = (i: number) => blocks[at + i] as number;
  return j < 4 ? byte(j + 4) & 63 : (byte(j + 4) >> 4) | ((byte(j) >> 6) << 4);
}

/** d, dmin, scales [12], nibbles [128]: each 32 bytes are two groups, the lower nibbles first. */
export function dequantiseQ4K(blocks: Uint8Array, into: Float32Array): void {
  dequantiseGroups(blocks, into, { bytes: 144, nibbles: 16 });
}

/** d, dmin, scales [12], fifth bits [32] (bit j of byte i: number i of group j), nibbles [128] as in Q4_K. */
export function dequantiseQ5K(blocks: Uint8Array, into: Float32Array): void {
  dequantiseGroups(blocks, into, { bytes: 176, fifth: 16, nibbles: 48 });
}

/** Eight groups of 32, each with a scale and a minimum. Places are counted from the block's first byte. */
function dequantiseGroups(
  blocks: Uint8Array,
  into: Float32Array,
  { bytes, nibbles, fifth }: { bytes: number; nibbles: number; fifth?: number },
): void {
  for (let at = 0, out = 0; out < into.length; at += bytes, out += VALUES) {
    const d = halfAt(blocks, at);
    const dmin = halfAt(blocks, at + 2);
    for (let j = 0; j < 8; j++) {
      const scale = d * scaleOf(blocks, at + 4, j);
      const minimum = dmin * minimumOf(blocks, at + 4, j);
      const shift = 4 * (j & 1);
      const group = at + nibbles + 32 * (j >> 1);
      for (let i = 0; i < 32; i++) {
        const low = ((blocks[group + i] as number) >> shift) & 15;
        const high = fifth === undefined ? 0 : ((blocks[at + fifth + i] as number) >> j) & 1;
        into[out + 32 * j + i] = scale * (low | (high << 4)) - minimum;
      }
    }
  }
}

/**
 * Lower nibbles [128], upper pairs of bits [64], signed scales [16], d; value = d · scale · (q − 32). Each half of 128
 * numbers is four quarters of 32: quarters 0 and 1 are the lower nibbles of 64 bytes, 2 and 3 the upper ones.
 */
export function dequantiseQ6K(blocks: Uint8Array, into: Float32Array): void {
  for (let at = 0, out = 0; out < into.length; at += 210, out += VALUES) {
    const d = halfAt(blocks, at + 208);
    for (let group = 0; group < 16; group++) {
      const half = group >> 3;
      const quarter = (group >> 1) & 3;
      const begin = 16 * (group & 1); // in the quarter
      const nibbles = at + 64 * half + 32 * (quarter & 1) + begin;
      const pairs = at + 128 + 32 * half + begin;
      const scale = d * (((blocks[at + 192 + group] as number) << 24) >> 24);
      for (let i = 0; i < 16; i++) {
        const low = ((blocks[nibbles + i] as number) >> (4 * (quarter >> 1))) & 15;
        const high = ((blocks[pairs + i] as number) >> (2 * quarter)) & 3;
        into[out + 16 * group + i] = scale * ((low | (high << 4)) - 32);
      }
    }
  }
}
