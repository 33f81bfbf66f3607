import type { Product, TensorRef } from '../../../contracts/checkpoint.ts';
import { NonFiniteWeightError } from '../../../contracts/errors.ts';
import type { PartLayout } from '../form.ts';
import type { PanelLayout } from './panel-layout.ts';
import { quantiseRow } from './quantise-row.ts';
import { rowsTurnedAcross, rowTurner } from './turn-rows.ts';

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
  const { shape, dtype } = panels as PanelLayout['panels'];
  const [count, into, columns] = shape;
  const steps = new Float32Array(count * columns);
  const panel = new Int8Array(into * columns);
  const bytes = () => (dtype === 'U8' ? countedFromZero(panel) : new Uint8Array(panel.buffer));
  const strip = new Int8Array(STRIP * into);
  const turn = rowTurner(reads ?? into);
  let column = 0;
  for (const [index, matrix] of matrices.entries()) {
    const run = writes?.[index];
    const rows = rowsOf(matrix);
    for await (const some of run === undefined ? rows : rowsTurnedAcross(rows, run, into)) {
      for (let done = 0; done < some.length; ) {
        const first = column % columns;
        const room = Math.min(STRIP, columns - first);
        const own = some.subarray(done, done + room * into); // [n · in], n ≤ room
        const n = own.length / into;
        const worth = steps.subarray(column, column + n);
        if (!quantiseRows(own, turn, strip, worth)) {
          throw new NonFiniteWeightError(matrix.path, matrix.name);
        }
        putColumns(panel, columns, strip, first, n);
        column += n;
        done += own.length;
        if (first + n < columns) continue;
        yield bytes();
        panel.fill(0);
      }
    }
  }
  if (column % columns !== 0) yield bytes();
  yield new Uint8Array(steps.buffer);
}

/** Whole numbers from -128 in place as such from 0. */
function countedFromZero(panel: Int8Array): Uint8Array {
  const bytes = new Uint8Array(panel.buffer);
  const words = new Uint32Array(panel.buffer, 0, panel.length >> 2);
  for (let i = 0; i < words.length; i++) words[i] = (words[i] as number) ^ 0x80808080;
  for (let i = words.length << 2; i < bytes.length; i++) bytes[i] = (bytes[i] as number) ^ 0x80;
  return bytes;
}

/** Turns rows [n · in] in place and puts their whole numbers into a strip. Says whether all are finite. */
function quantiseRows(
  rows: Float32Array,
  turn: (row: Float32Array) => void,
  strip: Int8Array,
  steps: Float32Array, // [n]
): boolean {
  const into = rows.length / steps.length;
  let sum = 0; // NaN stays in it
  for (let row = 0; row < steps.length; row++) {
    const own = rows.subarray(row * into, (row + 1) * into);
    turn(own);
    const step = quantiseRow(own, strip, row * into);
    steps[row] = step;
    sum += step;
  }
  return Number.isFinite(sum);
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
  if ((into | columns | first | count) % FOUR === 0) {
    putFours(new Int32Array(panel.buffer), new Int32Array(strip.buffer), { into, first, count });
    return;
  }
  for (let i = 0; i < into; i++) {
    const at = i * columns + first;
    for (let row = 0; row < count; row++) panel[at + row] = strip[row * into + i] as number;
  }
}

const FOUR = 4;
/** Every other byte of four. */
const EVEN = 0x00ff00ff;
const ODD = ~EVEN;

/** The same sixteen numbers at a time, four rows by four columns, for the sake of time: a model has a hundred million. */
function putFours(
  panel: Int32Array,
  strip: Int32Array,
  { into, first, count }: Readonly<Record<'into' | 'first' | 'count', number>>,
): void {
  const [wide, long] = [panel.length / into, into / FOUR];
  for (let i = 0; i < long; i++) {
    let to = FOUR * i * wide + first / FOUR;
    for (let from = i; from < i + count * long; from += FOUR * long) {
      const a = strip[from] as number;
      const b = strip[from + long] as number;
      const c = strip[from + 2 * long] as number;
      const d = strip[from + 3 * long] as number;
      // Of two rows their even numbers, by turns, and their odd ones.
      const evenAB = (a & EVEN) | ((b & EVEN) << 8);
      const oddAB = ((a & ODD) >>> 8) | (b & ODD);
      const evenCD = (c & EVEN) | ((d & EVEN) << 8);
      const oddCD = ((c & ODD) >>> 8) | (d & ODD);
      panel[to] = (evenAB & 0xffff) | (evenCD << 16);
      panel[to + wide] = (oddAB & 0xffff) | (oddCD << 16);
      panel[to + 2 * wide] = (evenAB >>> 16) | (evenCD & 0xffff0000);
      panel[to + 3 * wide] = (oddAB >>> 16) | (oddCD & 0xffff0000);
      to += 1;
    }
  }
}
