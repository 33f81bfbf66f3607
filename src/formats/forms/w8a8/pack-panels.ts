import type { Product, TensorRef } from '../../../contracts/checkpoint.ts';
import { NonFiniteWeightError } from '../../../contracts/errors.ts';
import type { PartLayout } from '../form.ts';
import type { PanelLayout } from './panel-layout.ts';
import { quantiseRow } from './quantise-row.ts';
import { rowsTurnedAcross, turnRow } from './turn-rows.ts';

/** Rows that are put into a panel's columns together: a cache line of each of its rows. */
const STRIP = 64;

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
  const strip = new Int8Array(STRIP * into);
  let column = 0;
  let held = 0;
  for (const [index, matrix] of matrices.entries()) {
    const run = writes?.[index];
    const rows = rowsOf(matrix);
    for await (const row of run === undefined ? rows : rowsTurnedAcross(rows, run)) {
      turnRow(row, reads ?? into);
      const step = quantiseRow(row, strip, held * into);
      if (!Number.isFinite(step)) throw new NonFiniteWeightError(matrix.path, matrix.name);
      steps[column] = step;
      column++;
      held++;
      const isFull = column % columns === 0;
      if (held === STRIP || isFull) {
        putColumns(panel, columns, strip, (column - held) % columns, held);
        held = 0;
      }
      if (isFull) {
        yield bytes;
        panel.fill(0);
      }
    }
  }
  if (held > 0) putColumns(panel, columns, strip, (column - held) % columns, held);
  if (column % columns !== 0) yield bytes;
  yield new Uint8Array(steps.buffer);
}

/** Rows of a strip [count, in] as columns of a panel [in, columns], from `first`. */
function putColumns(
  panel: Int8Array,
  columns: number,
  strip: Int8Array,
  first: number,
  count: number,
): void {
  const into = panel.length / columns;
  for (let i = 0; i < into; i++) {
    const at = i * columns + first;
    for (let row = 0; row < count; row++) panel[at + row] = strip[row * into + i] as number;
  }
}
