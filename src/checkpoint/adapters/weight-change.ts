import { isBlockDtype, type StoredDtype, type TensorRef } from '../../contracts/checkpoint.ts';
import { CheckpointError } from '../../contracts/errors.ts';
import { storedBytes } from '../../formats/forms/stored/stored-types.ts';
import { narrowFloats, tooLarge } from '../../formats/narrow-floats.ts';
import { readFloats } from '../../formats/read-tensor.ts';
import { refPieces } from '../../safetensors/ref-pieces.ts';

/** What adapters do to a tensor of their base: one of the two, or both, first this. */
export interface WeightChange {
  /** Stands in its place: it was trained as a whole, or saved with its adapters. */
  readonly instead?: TensorRef;
  readonly add?: LowRank;
}

/** scale · B · A */
interface LowRank {
  /** [rank, in]; of an embedding table [rank, rows] */
  readonly a: TensorRef;
  /** [out, rank]; of an embedding table [width, rank] */
  readonly b: TensorRef;
  readonly scale: number;
  /** The table is read by rows, so that (B · A)ᵀ is added to it. */
  readonly isTable: boolean;
}

/** Of the matrix, a piece. */
const PIECE_VALUES = 1 << 20;

/**
 * A changed tensor's bytes as `dtype`, some rows at a time: W + scale · B · A, summed in float64 and rounded once.
 * @throws CheckpointError where `dtype` is too narrow or in blocks, or a file can't be read
 */
export function changedPieces(
  matrix: TensorRef, // [rows, columns]
  { instead = matrix, add }: WeightChange,
  dtype: StoredDtype,
): AsyncIterable<Uint8Array> {
  return add === undefined ? refPieces(instead, dtype) : added(instead, add, dtype);
}

async function* added(
  matrix: TensorRef,
  { a, b, scale, isTable }: LowRank,
  dtype: StoredDtype,
): AsyncGenerator<Uint8Array> {
  if (isBlockDtype(dtype)) {
    throw new CheckpointError(
      matrix.path,
      `tensor ${matrix.name} lies in blocks, which hold no change.`,
      {
        remedy: { kind: 'use-option', option: 'dtype', values: ['f16', 'f32'] },
      },
    );
  }
  const [rows = 0, columns = 0] = matrix.shape;
  const rank = a.shape[0] ?? 0;
  const [wide, tall] = [await readFloats(a), await readFloats(b)];
  const left = isTable ? transposed(wide, rank) : tall; // [rows, rank]
  const right = isTable ? transposed(tall, columns) : wide; // [rank, columns]
  const some = Math.max(1, Math.floor(PIECE_VALUES / columns));
  const rowBytes = storedBytes(matrix.dtype, columns);
  for (let first = 0; first < rows; first += some) {
    const count = Math.min(some, rows - first);
    const place = { offset: matrix.offset + first * rowBytes, bytes: count * rowBytes };
    const values = await readFloats({ ...matrix, ...place });
    addProduct(values, left.subarray(first * rank, (first + count) * rank), right, { rank, scale });
    const piece = narrowFloats(values, dtype);
    if (piece === undefined) throw tooLarge(matrix.path, matrix.name, dtype);
    yield piece;
  }
}

/** values += scale · left · right, in place. */
function addProduct(
  values: Float32Array, // [n, columns]
  left: Float32Array, // [n, rank]
  right: Float32Array, // [rank, columns]
  { rank, scale }: { readonly rank: number; readonly scale: number },
): void {
  const columns = right.length / rank;
  const sums = new Float64Array(columns);
  for (let row = 0; row * columns < values.length; row++) {
    sums.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = scale * (left[row * rank + r] as number);
      for (let i = 0; i < columns; i++)
        sums[i] = (sums[i] as number) + factor * (right[r * columns + i] as number);
    }
    for (let i = 0; i < columns; i++) {
      const at = row * columns + i;
      values[at] = (values[at] as number) + (sums[i] as number);
    }
  }
}

/** [rows, n] as [n, rows] */
function transposed(values: Float32Array, rows: number): Float32Array {
  const n = values.length / rows;
  return values.map((_, at) => values[(at % rows) * n + Math.floor(at / rows)] as number);
}
