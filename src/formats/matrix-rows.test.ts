import { expect, it } from 'vitest';
import { f32, stored } from '../graph/testing/stored.ts';
import { matrixRows } from './matrix-rows.ts';
import { readFloats } from './read-tensor.ts';

it.each(['F32', 'F16', 'BF16'] as const)(
  'reads all rows of %s in order, widened',
  async (dtype) => {
    const [rows, into] = [150, 7]; // more than are read at once
    const halves = Uint16Array.from({ length: rows * into }, (_, i) => 0x3800 + i);
    const { matrix } = await stored({
      matrix:
        dtype === 'F32'
          ? f32([rows, into], Float32Array.from(halves, Math.sin))
          : { dtype, shape: [rows, into], data: halves },
    });
    const read: number[] = [];
    for await (const some of matrixRows(matrix)) read.push(...some);
    expect(read).toEqual([...(await readFloats(matrix))]);
  },
);
