import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../../checkpoint/testing/folders.ts';
import type { StoredDtype, TensorRef } from '../../contracts/checkpoint.ts';
import { GraphError } from '../../contracts/errors.ts';
import { floatsOf } from '../../contracts/session.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { packQ40, packQ80 } from '../../formats/testing/pack-blocks.ts';
import { constant } from '../graph.ts';
import { runOnce } from '../testing/runnable.ts';
import { embedding, floats } from './stored-rows.ts';

const [ROWS, WIDTH] = [5, 64];
const blocks = Array.from({ length: (ROWS * WIDTH) / 32 }, (_, block) => ({
  d: 0x3000 + 17 * block,
  m: 0,
  q: Array.from({ length: 32 }, (_, i) => ((block * 31 + i * 7) % 16) - 8),
}));

/** A table [5, 64] in blocks. */
function tableOf(dtype: StoredDtype, pack: typeof packQ80): TensorRef {
  const bytes = Buffer.concat(blocks.map((one) => pack(one)));
  const path = join(tempFolder(), 'table');
  writeFileSync(path, bytes);
  return { name: 'table', dtype, shape: [ROWS, WIDTH], path, offset: 0, bytes: bytes.length };
}

it('reads a table in blocks whole, and some of its rows', async () => {
  const table = tableOf('Q8_0', packQ80);
  const wide = await readFloats(table);
  const chosen = [3, 0, 3];
  const found = await runOnce({}, (graph) => ({
    whole: floats(graph, table),
    some: embedding(table, constant(graph, Int32Array.from(chosen), [chosen.length])),
  }));
  expect(floatsOf(found, 'whole')).toEqual(wide);
  const rows = chosen.flatMap((row) => [...wide.subarray(row * WIDTH, (row + 1) * WIDTH)]);
  expect([...floatsOf(found, 'some')]).toEqual(rows);
});

it('refuses blocks that no table is kept in', async () => {
  const table = tableOf('Q4_0', packQ40);
  const read = runOnce({}, (graph) => ({ whole: floats(graph, table) }));
  await expect(read).rejects.toThrow(GraphError);
});
