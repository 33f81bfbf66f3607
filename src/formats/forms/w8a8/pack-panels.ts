import type { Product, TensorRef } from '../../../contracts/checkpoint.ts';
import { NonFiniteWeightError } from '../../../contracts/errors.ts';
import type { PartLayout } from '../form.ts';
import type { PanelLayout } from './panel-layout.ts';
import { quantiseRow } from './quantise-row.ts';
import { rowsTurnedAcross, turnRow } from './turn-rows.ts';

/**
 * The bytes of a product's panels, one after the other, then of its steps. No more than one panel is in memory.
 * @throws NonFiniteWeightError
 */
export async function* packPanels(
  { matrices, reads, writes }: Product,
  { panels }: PartLayout,
  rowsOf: (matrix: TensorRef) => AsyncIterable<Float32Array>,
): AsyncGenerator<Uint8Array> {
  const [count, into, columns] = (panels as PanelLayout['panels']).shape;
  const steps = new Float32Array(count * columns);
  const panel = new Int8Array(into * columns);
  const bytes = new Uint8Array(panel.buffer);
  let column = 0;
  for (const [index, matrix] of matrices.entries()) {
    const run = writes?.[index];
    const rows = rowsOf(matrix);
    for await (const row of run === undefined ? rows : rowsTurnedAcross(rows, run)) {
      turnRow(row, reads ?? into);
      const step = quantiseRow(row, panel, columns, column % columns);
      if (!Number.isFinite(step)) throw new NonFiniteWeightError(matrix.path, matrix.name);
      steps[column] = step;
      column++;
      if (column % columns === 0) {
        yield bytes;
        panel.fill(0);
      }
    }
  }
  if (column % columns !== 0) yield bytes;
  yield new Uint8Array(steps.buffer);
}
