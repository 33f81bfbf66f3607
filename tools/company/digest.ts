import { createHash } from 'node:crypto';
import type { Rows } from '../../src/contracts/rows.ts';

/** A row's floats as a short text: equal where all their bits are. */
export function digestOf({ data, width }: Rows, row: number): string {
  return createHash('sha1')
    .update(bytesOf(data, row * width, width))
    .digest('base64');
}

/** All that a pass computes for a row but its logits: its feature, keys and values. */
export function rowDigest({ data, width }: Rows, row: number, columns: Float32Array): string {
  const hash = createHash('sha1').update(bytesOf(data, row * width, width));
  return hash.update(bytesOf(columns, 0, columns.length)).digest('base64');
}

const bytesOf = ({ buffer, byteOffset }: Float32Array, from: number, count: number): Uint8Array =>
  new Uint8Array(buffer, byteOffset + 4 * from, 4 * count);
