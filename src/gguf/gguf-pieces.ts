import { type FileHandle, open } from 'node:fs/promises';
import { isBlockDtype, type StoredDtype } from '../contracts/checkpoint.ts';
import { CheckpointError, NonFiniteWeightError } from '../contracts/errors.ts';
import { ioError } from '../files/io-error.ts';
import { STORED_TYPES, widened } from '../formats/forms/stored/stored-types.ts';
import { narrowFloats, tooLarge } from '../formats/narrow-floats.ts';
import type { GgufTensor } from './place-tensors.ts';

/** Numbers in memory at a time, unless a row or a head is longer. */
const CHUNK_VALUES = 1 << 20;

export interface Widening {
  readonly path: string;
  readonly tensor: GgufTensor;
  /** Name for messages. */
  readonly name: string;
  /** Blocks only as they are stored. */
  readonly dtype: StoredDtype;
  /** Rows of one attention head, where a rotary projection's rows are to be put back into Hugging Face's order. */
  readonly headRows?: number | undefined;
}

/**
 * A tensor's numbers as `dtype`, some rows at a time.
 * @throws NonFiniteWeightError, or CheckpointError where `dtype` is too narrow or the file has changed.
 */
export async function* ggufPieces({ path, tensor, name, dtype, headRows = 1 }: Widening) {
  const [rows, columns] = rowsOf(tensor, headRows);
  const rowBytes = tensor.bytes / rows;
  const step = Math.max(1, Math.floor(CHUNK_VALUES / (columns * headRows))) * headRows;
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    for (let row = 0; row < rows; row += step) {
      const count = Math.min(step, rows - row);
      const stored = new Uint8Array(count * rowBytes);
      const { bytesRead } = await file.read(
        stored,
        0,
        stored.length,
        tensor.offset + row * rowBytes,
      );
      if (bytesRead < stored.length) {
        throw new CheckpointError(path, `the file ends inside tensor ${name}; fetch it again.`);
      }
      const values = widened(tensor.dtype, stored);
      if (!allFinite(values)) throw new NonFiniteWeightError(path, name);
      if (isBlockDtype(dtype)) {
        yield inPublishedOrder(stored, rowBytes, headRows);
        continue;
      }
      const piece = narrowFloats(inPublishedOrder(values, columns, headRows), dtype);
      if (piece === undefined) throw tooLarge(path, name, dtype);
      yield piece;
    }
  } catch (cause) {
    throw ioError(path, cause);
  } finally {
    await file?.close();
  }
}

/** A tensor as a matrix; the bias of a projection has a row a number. */
function rowsOf({ shape, dtype }: GgufTensor, headRows: number): [number, number] {
  const values = shape.reduce((product, n) => product * n, 1);
  const isBias = shape.length === 1 && headRows > 1 && STORED_TYPES[dtype].values === 1;
  const columns = isBias ? 1 : shape.at(-1);
  return [values / (columns as number), columns as number];
}

function allFinite(values: Float32Array): boolean {
  let zero = 0;
  for (let i = 0; i < values.length; i++) zero += (values[i] as number) * 0;
  return zero === 0;
}

/**
 * llama.cpp turns neighbouring rows of a head by one angle, Hugging Face row i and row i + half: its rows 2i and 2i + 1
 * are Hugging Face's i and half + i.
 */
function inPublishedOrder<A extends Float32Array | Uint8Array>(
  values: A,
  columns: number,
  headRows: number,
): A {
  if (headRows === 1) return values;
  const ordered = values.slice() as A;
  const half = headRows / 2;
  for (let row = 0; row * columns < values.length; row++) {
    const inHead = row % headRows;
    const to = row - inHead + (inHead % 2) * half + (inHead >> 1);
    ordered.set(values.subarray(row * columns, (row + 1) * columns), to * columns);
  }
  return ordered;
}
