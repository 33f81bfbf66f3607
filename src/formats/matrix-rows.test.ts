import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { f32, stored } from '../graph/testing/stored.ts';
import { matrixRows } from './matrix-rows.ts';

it.each([
  ['fewer bytes than are read together', 150, 7],
  ['more', 30, 1 << 14],
  ['rows that are longer than that', 2, (1 << 18) + 3],
])('reads all rows in order, whole ones: %s', async (_, rows, into) => {
  const { matrix } = await stored({
    matrix: f32(
      [rows, into],
      Float32Array.from({ length: rows * into }, (_, i) => i),
    ),
  });
  const read: Buffer[] = [];
  for await (const some of matrixRows(matrix)) {
    expect(some.length % (4 * into), 'bytes beside whole rows').toBe(0);
    read.push(Buffer.from(some));
  }
  const { path, offset, bytes } = matrix;
  expect(Buffer.concat(read).equals(readFileSync(path).subarray(offset, offset + bytes))).toBe(
    true,
  );
});
