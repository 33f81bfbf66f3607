import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { TensorRef } from '../../../contracts/checkpoint.ts';
import { f32, stored } from '../../../graph/testing/stored.ts';
import { sideBySide } from '../side-by-side.ts';
import { converted, LAYOUTS } from './testing/converted.ts';
import { w8a8 } from './w8a8.ts';

/** Whatever a machine's arithmetic makes of sines. */
const noise = (i: number) => (Math.imul(i + 1, 0x9e3779b1) >> 8) / (1 << 23);

const matrix = (rows: number, into: number) =>
  f32(
    [rows, into],
    Float32Array.from({ length: rows * into }, (_, i) => noise(i) * (i % into === 7 ? 50 : 1)),
  );

/** Of the bytes of version 4, by layout. Whoever changes them raises the version, so that files that were kept are made anew. */
const BYTES: Readonly<Record<string, string>> = {
  'one panel, signed': '60f852dcf9abce9a',
  'panels of 64 columns, signed': '98773610c3ac81d9',
  'one panel, unsigned': '0ff9c7c1a3d15d62',
  'panels of 64 columns, unsigned': '53125988d933663c',
};

it.each(LAYOUTS)('what a version is packed to stays, in %s', async (name, kept) => {
  const refs = await stored({
    blocks: matrix(90, 576),
    heads: matrix(96, 576),
    mixed: matrix(70, 45),
    wide: matrix(5, 11008),
  });
  const products = await converted(
    [
      { matrices: [refs.blocks, refs.heads], writes: [undefined, 48] },
      { matrices: [refs.blocks], reads: 64 },
      { matrices: [refs.mixed] },
      { matrices: [refs.wide] },
    ],
    kept,
  );
  const file = readFileSync(
    (sideBySide(products[0] as TensorRef[]).parts.panels as TensorRef).path,
  );
  expect(w8a8.packing.version).toBe(4);
  expect(createHash('sha256').update(file).digest('hex').slice(0, 16)).toBe(BYTES[name]);
});
