import fc from 'fast-check';
import { expect, it } from 'vitest';
import { floatsOf } from '../../../contracts/session.ts';
import { input } from '../../../graph/graph.ts';
import { cast } from '../../../graph/operators/elementwise.ts';
import { runnable } from '../../../graph/testing/runnable.ts';
import { packQ80 } from '../../testing/pack-blocks.ts';
import { TABLE_BLOCKS, widenedRows } from './block-rows.ts';
import { widened } from './stored-types.ts';

const BLOCKS = 2;
const ROW = 34 * BLOCKS;

/** Every finite half, both zeros and subnormal ones among them. */
const half = fc.nat(0xffff).filter((bits) => (bits & 0x7c00) !== 0x7c00);
const block = fc
  .record({
    d: half,
    q: fc.array(fc.integer({ min: -128, max: 127 }), { minLength: 32, maxLength: 32 }),
  })
  .map(({ d, q }) => packQ80({ d, q, m: 0 }));

it('widens rows in the graph to the bits that converting widens them to', async () => {
  const { run, dispose } = await runnable((graph) => ({
    rows: widenedRows(cast(input(graph, 'stored', 'int32', ['n', ROW]), 'uint8')),
  }));
  const rows = fc
    .array(block, { minLength: BLOCKS, maxLength: 6 })
    .filter((all) => all.length % BLOCKS === 0);
  await fc.assert(
    fc.asyncProperty(rows, async (blocks) => {
      const data = new Uint8Array(Buffer.concat(blocks));
      const shape = [data.length / ROW, ROW];
      const found = await run({ stored: { dtype: 'int32', shape, data: Int32Array.from(data) } });
      const zero = (value: number) => value + 0; // -0 is 0
      expect([...floatsOf(found, 'rows')].map(zero)).toEqual(
        [...widened(TABLE_BLOCKS, data)].map(zero),
      );
    }),
    { numRuns: 100 },
  );
  await dispose();
});
