import type { Product, TensorRef } from '../../../contracts/checkpoint.ts';
import { NonFiniteWeightError } from '../../../contracts/errors.ts';
import type { PartLayout } from '../form.ts';
import { storedBytes } from '../stored/stored-types.ts';
import { openPanelKernel } from './panel-kernel.ts';
import type { PanelLayout } from './panel-layout.ts';

/** Rows that are put into a panel's columns together: a cache line of each of its rows. */
const STRIP = 64;

/**
 * The bytes of a product's panels, one after the other, then of its steps. No more than one panel is in memory.
 * @throws NonFiniteWeightError
 */
export async function* packPanels(
  { matrices, reads, writes = [] }: Product,
  { panels }: PartLayout,
  rowsOf: (matrix: TensorRef) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { shape, dtype } = panels as PanelLayout['panels'];
  const [count, into, columns] = shape;
  const run = reads ?? into;
  const across = writes.filter((one) => one !== undefined);
  const kernel = openPanelKernel({
    count: Math.max(STRIP, ...across),
    into,
    rowBytes: Math.max(...matrices.map(({ dtype }) => storedBytes(dtype, into))),
    columns,
    zero: dtype === 'U8' ? 128 : 0,
    runs: [run, ...across],
  });
  const steps = new Float32Array(count * columns);
  let column = 0;
  for (const [index, matrix] of matrices.entries()) {
    const written = writes[index];
    const rowBytes = storedBytes(matrix.dtype, into);
    const most = rowBytes * (written ?? STRIP);
    for await (const bytes of gathered(rowsOf(matrix), kernel.stored, most)) {
      const rows = bytes / rowBytes;
      kernel.widen(rows, matrix.dtype);
      if (written !== undefined) kernel.turnAcross(written);
      kernel.turn(rows, run);
      const worth = steps.subarray(column, column + rows);
      kernel.quantise(worth);
      if (!worth.every(Number.isFinite)) throw new NonFiniteWeightError(matrix.path, matrix.name);
      for (let row = 0; row < rows; ) {
        const first = column % columns;
        const some = Math.min(rows - row, columns - first);
        kernel.put(row, some, first);
        row += some;
        column += some;
        if (first + some < columns) continue;
        yield kernel.panel;
      }
    }
  }
  if (column % columns !== 0) {
    kernel.clearFrom(column % columns);
    yield kernel.panel;
  }
  yield new Uint8Array(steps.buffer);
}

/** Bytes, some at a time, gathered in one place until it holds so many: how many it holds. */
async function* gathered(
  pieces: AsyncIterable<Uint8Array>,
  into: Uint8Array,
  most: number,
): AsyncGenerator<number> {
  let held = 0;
  for await (const piece of pieces) {
    for (let done = 0; done < piece.length; ) {
      const some = piece.subarray(done, done + most - held);
      into.set(some, held);
      done += some.length;
      held += some.length;
      if (held < most) continue;
      yield held;
      held = 0;
    }
  }
  if (held > 0) yield held;
}
