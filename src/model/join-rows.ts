import type { AxisPositions } from '../contracts/messages.ts';
import type { VisualRows } from '../contracts/rows.ts';

/** Visual rows of consecutive pieces, `rows` long each, counted from the first piece's first row. */
export function joinVisualRows(
  pieces: readonly { readonly rows: number; readonly visual: VisualRows | undefined }[],
): VisualRows | undefined {
  const parts: Float32Array[] = [];
  const slots: number[] = [];
  let width = 0;
  let start = 0;
  for (const { rows, visual } of pieces) {
    if (visual !== undefined) {
      for (const slot of visual.slots) slots.push(start + slot);
      parts.push(visual.embeddings.data);
      width = visual.embeddings.width;
    }
    start += rows;
  }
  if (slots.length === 0) return undefined;
  const embeddings = { data: joinFloats(parts), count: slots.length, width };
  return { embeddings, slots: Int32Array.from(slots) };
}

/** Positions of consecutive pieces on each axis, and `padding` zeros behind them. */
export function joinPositions(pieces: readonly AxisPositions[], padding: number): AxisPositions {
  const zeros = padding === 0 ? [] : [new Int32Array(padding)];
  const axis = (name: keyof AxisPositions) =>
    joinInts([...pieces.map((positions) => positions[name]), ...zeros]);
  return { time: axis('time'), height: axis('height'), width: axis('width') };
}

/** Consecutive floats as one array. */
export function joinFloats(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Consecutive integers as one array; a single part is not copied. */
export function joinInts(parts: readonly Int32Array[]): Int32Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
