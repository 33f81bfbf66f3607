/**
 * GGML's blocks of 32 numbers under one scale d (and, in Q4_1, one minimum m), both halves. Sums are taken in double,
 * where they are exact, and rounded once: float32 arithmetic, which rounds only in the last step, gives the same.
 */
import { halfAt } from './widen.ts';

const VALUES = 32;
const HALF = VALUES / 2;

/** d, 16 bytes of two nibbles: the lower are numbers 0 to 15, the upper 16 to 31; value = d · (nibble − 8). */
export function dequantiseQ40(blocks: Uint8Array, into: Float32Array): void {
  for (let at = 0, out = 0; out < into.length; at += 18, out += VALUES) {
    const d = halfAt(blocks, at);
    for (let i = 0; i < HALF; i++) {
      const pair = blocks[at + 2 + i] as number;
      into[out + i] = d * ((pair & 15) - 8);
      into[out + HALF + i] = d * ((pair >> 4) - 8);
    }
  }
}

/** d, m, nibbles as in Q4_0; value = d · nibble + m. */
export function dequantiseQ41(blocks: Uint8Array, into: Float32Array): void {
  for (let at = 0, out = 0; out < into.length; at += 20, out += VALUES) {
    const d = halfAt(blocks, at);
    const m = halfAt(blocks, at + 2);
    for (let i = 0; i < HALF; i++) {
      const pair = blocks[at + 4 + i] as number;
      into[out + i] = d * (pair & 15) + m;
      into[out + HALF + i] = d * (pair >> 4) + m;
    }
  }
}

/** d, 32 signed bytes; value = d · byte. */
export function dequantiseQ80(blocks: Uint8Array, into: Float32Array): void {
  for (let at = 0, out = 0; out < into.length; at += 34, out += VALUES) {
    const d = halfAt(blocks, at);
    for (let i = 0; i < VALUES; i++) {
      into[out + i] = d * (((blocks[at + 2 + i] as number) << 24) >> 24);
    }
  }
}
