import { createHash } from 'node:crypto';
import type { Rows } from '../../src/contracts/rows.ts';

/** A row's floats as a short text: equal where all their bits are. */
export function digestOf({ data, width }: Rows, row: number): string {
  const { buffer, byteOffset } = data;
  const bytes = new Uint8Array(buffer, byteOffset + 4 * row * width, 4 * width);
  return createHash('sha1').update(bytes).digest('base64');
}
