import { PANEL_COLUMNS, type TensorRef } from '../contracts/checkpoint.ts';
import { NonFiniteWeightError } from '../contracts/errors.ts';
import { halvesTable, openMatrixRows } from './matrix-rows.ts';
import type { PanelsPlan, PlannedProduct } from './plan-panels.ts';
import { quantiseRow } from './quantise-row.ts';

/**
 * The bytes of a file of panels, one panel after the other: no more than one is in memory. A piece lasts until the
 * next is asked for.
 * @throws NonFiniteWeightError, or CheckpointError where a checkpoint's file can't be read
 */
export async function* panelPieces({ header, products }: PanelsPlan): AsyncGenerator<Uint8Array> {
  const halves = halvesTable();
  yield header;
  for (const product of products) yield* piecesOf(product, halves);
}

async function* piecesOf(
  { matrices, panels }: PlannedProduct,
  halves: Float32Array,
): AsyncGenerator<Uint8Array> {
  const [count, into] = panels.shape;
  const steps = new Float32Array(count * PANEL_COLUMNS);
  const panel = new Int8Array(into * PANEL_COLUMNS);
  const bytes = new Uint8Array(panel.buffer);
  let column = 0;
  for (const matrix of matrices) {
    const rows = await openMatrixRows(matrix, PANEL_COLUMNS, halves);
    try {
      for (let index = 0; index < (matrix.shape[0] as number); index++, column++) {
        const row = await rows.row(index);
        steps[column] = finite(
          quantiseRow(row, panel, PANEL_COLUMNS, column % PANEL_COLUMNS),
          matrix,
        );
        if ((column + 1) % PANEL_COLUMNS === 0) {
          yield bytes;
          panel.fill(0);
        }
      }
    } finally {
      await rows.close();
    }
  }
  if (column % PANEL_COLUMNS !== 0) yield bytes;
  yield new Uint8Array(steps.buffer);
}

function finite(step: number, { path, name }: TensorRef): number {
  if (Number.isFinite(step)) return step;
  throw new NonFiniteWeightError(path, name);
}
